import {parseSpec} from '../version/spec.ts'
import type {LockEntry, LockedArtifact} from './lock-types.ts'
import {printSpecs} from './print.ts'

const header = '# Written by tool lock.'

/**
 * The text of a lock file: sorted, and what was read as it was. Where there are several entries, the lines with their
 * versions stand together at the top as well, so that a shim, which reads a byte at a time, need not pass all archives.
 */
export function printLock(entries: readonly LockEntry[], end = '\n'): string {
  const sorted = entries.toSorted(byName)
  const top = sorted.length > 1 ? [...sorted.map(headOf), ''] : []
  return [header, ...top, ...sorted.flatMap(block), ''].join(end)
}

function byName(a: LockEntry, b: LockEntry): number {
  return compare(a.toolchain, b.toolchain) || compare(a.spec, b.spec)
}

function block(entry: LockEntry): string[] {
  const artifacts =
    entry.text?.artifacts ??
    [...entry.artifacts].toSorted(([a], [b]) => compare(a, b)).map(([name, one]) => artifactLine(name, one))
  return [headOf(entry), ...artifacts]
}

function headOf({text, toolchain, spec, version}: LockEntry): string {
  if (text !== undefined) return text.head
  const parsed = parseSpec(spec)
  if (parsed.kind === 'problem') throw new Error(`a lock entry of ${JSON.stringify(spec)}`)
  return `${toolchain} ${printSpecs([parsed])} ${version}`
}

function artifactLine(platform: string, {integrity, size, url}: LockedArtifact): string {
  return `  ${platform} ${integrity} ${size ?? '-'} ${url}`
}

/** By code units, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
