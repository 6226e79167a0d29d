import {dirname} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {Logger} from '../base/log.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {type LineProblem, parsePinLine} from './parse-line.ts'
import type {Pin, PinFile, PinLine} from './types.ts'

export interface ParseOptions {
  /** What a bare spec pins. Asked only if there is one, since the answer may be on the disk. */
  defaultToolchain: () => string
  /** The toolchain that a name or an alias means, where it is known. */
  canonical?: (name: string) => string | undefined
  log: Logger
  /** Messages name files relative to this folder. */
  cwd: string
}

/**
 * Reads the text of a `.toolversion`. `path` is absolute.
 * @throws UserError PIN_* with file and line
 */
export function parsePinText(text: string, path: string, options: ParseOptions): PinFile {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const lines: PinLine[] = []
  const pins = new Map<string, Pin>()
  for (const [index, {text: line, end}] of splitLines(text.slice(mark.length)).entries()) {
    const origin: Origin = {kind: 'file', path, line: index + 1}
    const pin = pinOf(line, origin, options)
    lines.push({text: line, end, ...(pin && {pin})})
    if (pin === undefined) continue
    const earlier = pins.get(pin.toolchain)
    if (earlier === undefined) pins.set(pin.toolchain, pin)
    else warnOfSecond(pin, earlier, options)
  }
  return {path, mark, lines, pins: [...pins.values()]}
}

/** An error about something a person pinned. */
export function pinError({code, message, hint}: LineProblem, origin: Origin, cwd: string): UserError {
  const exitCode = origin.kind === 'argument' ? Exit.usage : Exit.badPin
  return new UserError({code, message: `${message} (${describeOrigin(origin, cwd)})`, hint, exitCode})
}

function pinOf(line: string, origin: Origin & {kind: 'file'}, options: ParseOptions): Pin | undefined {
  const parsed = parsePinLine(line)
  if (parsed === undefined) return undefined
  if ('code' in parsed) throw pinError(parsed, origin, options.cwd)
  const {name = options.defaultToolchain(), specs} = parsed
  const toolchain = options.canonical?.(name) ?? name
  return {toolchain, specs, origin, baseDirectory: dirname(origin.path)}
}

function splitLines(text: string): {text: string; end: string}[] {
  const lines: {text: string; end: string}[] = []
  for (const [whole] of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    // A carriage return at the very end of the file is what is left of a line end.
    const end = /\r?\n$|\r$/.exec(whole)?.[0] ?? ''
    lines.push({text: whole.slice(0, whole.length - end.length), end})
  }
  return lines
}

function warnOfSecond(second: Pin, first: Pin, {log, cwd}: ParseOptions): void {
  const [there, here] = [describeOrigin(first.origin, cwd), describeOrigin(second.origin, cwd)]
  log.warning(`${here}: ${second.toolchain} is pinned twice; ${there} counts`)
}
