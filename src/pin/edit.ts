import {printSpecs} from './print.ts'
import type {PinFile, PinLine, Specs} from './types.ts'

type Editable = Pick<PinFile, 'mark' | 'lines'>

/**
 * A pin file that pins a toolchain to these versions: in the line that does so already, with its indentation, columns and
 * comment, else in a new one at the end. Every other line stays as it is, to the last blank.
 */
export function setPin<F extends Editable>(file: F, toolchain: string, specs: Specs): F {
  const {lines} = file
  const at = lines.findIndex(line => line.pin?.toolchain === toolchain)
  const old = lines[at]
  if (old === undefined) return {...file, lines: appended(lines, toolchain, specs)}
  return {...file, lines: lines.with(at, {...old, text: changed(old.text, toolchain, specs)})}
}

/** A pin file without the lines that pin a toolchain. */
export function removePin<F extends Editable>(file: F, toolchain: string): F {
  return {...file, lines: file.lines.filter(({pin}) => pin?.toolchain !== toolchain)}
}

function appended(lines: readonly PinLine[], toolchain: string, specs: Specs): PinLine[] {
  const end = lines.find(line => line.end !== '')?.end ?? '\n'
  const before = lines.map((line, index) =>
    index === lines.length - 1 && line.end === '' ? {...line, end} : line,
  )
  const name = toolchain.padEnd(columnOf(lines) - 1)
  return [...before, {text: `${name} ${printSpecs(specs)}`, end}]
}

/** Where the versions stand, if they all stand below each other; 0 where they don't. */
function columnOf(lines: readonly PinLine[]): number {
  const columns = lines.flatMap(({text, pin}) => {
    const [start = ''] = (pin && /^[a-z][a-z0-9-]*[ \t]+/.exec(text)) ?? []
    return start === '' ? [] : [start.length]
  })
  const [first = 0, ...others] = columns
  return others.length > 0 && others.every(column => column === first) ? first : 0
}

function changed(text: string, toolchain: string, specs: Specs): string {
  const [, indent = '', name, gap] = /^([ \t]*)(?:([a-z][a-z0-9-]*)(@|[ \t]+))?/.exec(text) ?? []
  const comment = text.slice(commentStart(text))
  const named = name === undefined ? `${toolchain} ` : `${name}${gap}`
  // `name@` takes one version.
  const head = gap === '@' && specs.length > 1 ? `${name} ` : named
  return `${indent}${head}${printSpecs(specs)}${comment}`
}

/** Where the blanks before a comment begin; the end where there is no comment, without the blanks there. */
function commentStart(text: string): number {
  let quoted = false
  for (const [index, sign] of [...text.matchAll(/./gsu)].map(match => [match.index, match[0]] as const)) {
    if (sign === '"') quoted = !quoted
    if (sign === '#' && !quoted && (index === 0 || /[ \t]/.test(text[index - 1] ?? '')))
      return text.slice(0, index).trimEnd().length
  }
  return text.trimEnd().length
}
