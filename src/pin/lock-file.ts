import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {shortPath} from '../base/origin.ts'
import {type OwnedTextProblem, readOwnedText} from '../base/owned-text.ts'
import {quoteWord} from '../base/quote-word.ts'
import type {LockEntry, LockFile} from './lock-types.ts'
import {lockInvalid, parseLockText} from './parse-lock.ts'
import {ownPinFileName} from './readers.ts'
import type {Pin} from './types.ts'

/** Bytes; a toolchain of thirty platforms takes seven thousand. */
const most = 512 * 1024

/** The lock file of a folder: beside the pin file, and called after it. */
export function lockPath(directory: string, context: Pick<Context, 'env'>): string {
  return join(directory, `${ownPinFileName(context)}.lock`)
}

/**
 * The lock file that speaks of a pin, whether it is there or not: the one beside the file that pins it. Undefined for
 * what no project's file pins, which no lock speaks of.
 */
export function lockPathOf({origin}: Pick<Pin, 'origin'>, context: Context): string | undefined {
  if (origin.kind !== 'file' || origin.path === context.layout.globalPins) return undefined
  return lockPath(dirname(origin.path), context)
}

/**
 * A lock file; undefined where there is none.
 * @throws UserError LOCK_INVALID
 */
export function readLock(path: string, {env, cwd}: Pick<Context, 'env' | 'cwd'>): LockFile | undefined {
  const read = readOwnedText(path, env, most)
  if (read === undefined) return undefined
  if ('text' in read) return parseLockText(read.text, path, cwd)
  throw lockInvalid(`${shortPath(path, cwd)} ${whyNot(read)}`, wayOut(read, path))
}

/** What a lock says of a spec. */
export function findEntry(
  {entries}: Pick<LockFile, 'entries'>,
  toolchain: string,
  spec: string,
): LockEntry | undefined {
  return entries.find(entry => entry.toolchain === toolchain && entry.spec === spec)
}

function whyNot(read: OwnedTextProblem): string {
  switch (read.problem) {
    case 'unreadable':
      return `can't be read (${read.errno ?? 'unknown reason'})`
    case 'not-a-file':
      return `is ${read.what}, where a lock file was expected`
    case 'not-yours':
      return `belongs to another user (uid ${read.uid}), who could choose what you run`
    case 'too-large':
      return `has ${read.bytes} bytes, which is more than a lock file can have`
    case 'binary':
      return 'is not UTF-8 text'
  }
}

function wayOut({problem}: OwnedTextProblem, path: string): string | undefined {
  if (problem === 'not-yours')
    return `if you trust it, make it yours: sudo chown "$(id -u)" ${quoteWord(path)}`
  if (problem === 'unreadable') return `make it readable: chmod u+r ${quoteWord(path)}`
  return problem === 'not-a-file' ? 'move it away' : undefined
}
