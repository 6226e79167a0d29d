import {anyPlatform} from '../base/platform.ts'
import {parseSpec} from '../version/spec.ts'
import type {LockEntry, LockedArtifact} from './lock-types.ts'
import {printSpecs} from './print.ts'

/** What most shims look for, which read byte by byte and pay for all that they pass: these, then those, then the rest. */
const early = [[anyPlatform, 'linux-x64'], ['linux-arm64']]

/**
 * The text of a lock file: sorted, and what was read as it was. Of several entries the lines that most shims look for
 * come first; those of other platforms follow, under the same heads again.
 */
export function printLock(entries: readonly LockEntry[], end = '\n'): string {
  const blocks = entries.toSorted(byName).map(entry => ({head: headOf(entry), lines: linesOf(entry)}))
  const parts = blocks.length > 1 ? [...early.keys(), early.length] : [undefined]
  const printed = parts.flatMap(part =>
    blocks.flatMap(({head, lines}) => {
      const own = part === undefined ? lines : lines.filter(line => rankOf(line) === part)
      return !part || own.length > 0 ? [head, ...own] : []
    }),
  )
  return [...printed, ''].join(end)
}

function byName(a: LockEntry, b: LockEntry): number {
  return compare(a.toolchain, b.toolchain) || compare(a.spec, b.spec)
}

function headOf({text, toolchain, spec, version}: LockEntry): string {
  if (text !== undefined) return text.head
  const parsed = parseSpec(spec)
  if (parsed.kind === 'problem') throw new Error(`a lock entry of ${JSON.stringify(spec)}`)
  return `${toolchain} ${printSpecs([parsed])} ${version}`
}

function linesOf({text, artifacts}: LockEntry): string[] {
  const lines = text?.artifacts ?? [...artifacts].map(([platform, artifact]) => lineOf(platform, artifact))
  return lines.toSorted((a, b) => rankOf(a) - rankOf(b) || compare(platformIn(a), platformIn(b)))
}

function lineOf(platform: string, {integrity, size, url}: LockedArtifact): string {
  return `  ${platform} ${integrity} ${size ?? '-'} ${url}`
}

function platformIn(line: string): string {
  return line.trim().split(/[ \t]/, 1)[0] ?? ''
}

function rankOf(line: string): number {
  const rank = early.findIndex(names => names.includes(platformIn(line)))
  return rank < 0 ? early.length : rank
}

/** By code units, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
