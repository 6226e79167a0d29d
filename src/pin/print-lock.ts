import {parseSpec} from '../version/spec.ts'
import {artifactLines, checkOf} from './lock-check.ts'
import type {LockEntry} from './lock-types.ts'
import {printSpecs} from './print.ts'

/**
 * The text of a lock file: sorted, and what was read as it was. Of several entries the lines that tell the versions stand
 * together first: a shim reads a byte at a time, and needs no more than them.
 */
export function printLock(entries: readonly LockEntry[], end = '\n'): string {
  const blocks = entries.toSorted(byName).map(entry => [headOf(entry), ...archivesOf(entry)])
  const heads = blocks.length > 1 ? [...blocks.map(([head = '']) => head), ''] : []
  return [...heads, ...blocks.flat(), ''].join(end)
}

function byName(a: LockEntry, b: LockEntry): number {
  return compare(a.toolchain, b.toolchain) || compare(a.spec, b.spec)
}

function headOf(entry: LockEntry): string {
  const {text, toolchain, spec, version} = entry
  const check = checkOf(entry)
  if (text !== undefined) return withCheck(text.head, check)
  const parsed = parseSpec(spec)
  if (parsed.kind === 'problem') throw new Error(`a lock entry of ${JSON.stringify(spec)}`)
  return `${toolchain} ${printSpecs([parsed])} ${version} ${check}`
}

/** A line as it was read, words that a later release may have added included. */
function withCheck(head: string, check: string): string {
  return head.replace(
    /^(\S+[ \t]+(?:"[^"]*"|\S+)[ \t]+\S+)(?:[ \t]+[0-9a-f]{16}(?![^ \t]))?/,
    (_, known: string) => `${known} ${check}`,
  )
}

function archivesOf({text, artifacts}: LockEntry): readonly string[] {
  return text?.artifacts.toSorted(compare) ?? artifactLines(artifacts)
}

/** By code units, so that every machine sorts alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
