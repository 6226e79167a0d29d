import {linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {errnoOf} from '../base/errors.ts'
import {diskError} from '../base/files.ts'
import {rename} from '../base/rename.ts'
import {isAlive, ownIdentity, type ProcessIdentity} from './identity.ts'
import {changed} from './watch.ts'

export interface LockOptions {
  signal?: AbortSignal | undefined
  /** Called once, with the process that holds the lock, if it is not free at once. */
  onWait?: (holder: ProcessIdentity) => void
}

/** Ms between two looks at a lock that no file event was seen for: a holder that dies makes none. */
const lookAgain = 250

/**
 * Takes a lock file, waiting while a live process holds it. A dead holder's is taken over at once.
 * The file holds the identity of its holder and appears complete, never half written.
 * @throws the signal's reason; UserError DISK_FULL, PERMISSION_DENIED, READ_ONLY
 */
export async function acquireLock(
  path: string,
  {signal, onWait}: LockOptions = {},
): Promise<AsyncDisposable> {
  const own = prepare(path)
  try {
    let told = false
    for (;;) {
      signal?.throwIfAborted()
      const holder = tryTake(path, own)
      if (holder === undefined) return {[Symbol.asyncDispose]: async () => release(path, own)}
      if (!told) onWait?.(holder)
      told = true
      await changed(path, lookAgain, signal)
    }
  } finally {
    rmSync(own.file, {force: true})
  }
}

/** One claim to a lock: its text is unique, and stands complete in a file beside the lock. */
interface Claim {
  file: string
  text: string
}

function prepare(path: string): Claim {
  const claim = {
    file: `${path}.${crypto().randomUUID()}`,
    text: JSON.stringify({...ownIdentity(), claim: crypto().randomUUID()}),
  }
  try {
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(claim.file, claim.text, {flag: 'wx'})
    return claim
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Undefined: the lock is ours. Else who holds it. */
function tryTake(path: string, own: Claim): ProcessIdentity | undefined {
  for (;;) {
    if (link(own.file, path)) return undefined
    const text = read(path)
    if (text === undefined) continue
    const holder = parse(text)
    if (holder !== undefined && isAlive(holder)) return holder
    const rival = takeOver(path, text, own)
    if (rival !== 'lost') return rival
  }
}

/**
 * Replaces a dead holder's lock by ours. Several may see the same dead holder, and one of them may
 * see it late, when the lock is already another's. So the right to replace is itself a lock, named
 * after the dead claim: only who has that one may replace, and only while the lock still says the
 * same. A dead claim never comes back.
 */
function takeOver(path: string, dead: string, own: Claim): ProcessIdentity | undefined | 'lost' {
  const right = `${path}.${crypto().createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
  const claim = prepare(right)
  try {
    const rival = tryTake(right, claim)
    if (rival !== undefined) return rival
    try {
      if (read(path) !== dead) return 'lost'
      rename(own.file, path)
      return undefined
    } finally {
      release(right, claim)
    }
  } finally {
    rmSync(claim.file, {force: true})
  }
}

function release(path: string, own: Claim): void {
  if (read(path) === own.text) rmSync(path, {force: true})
}

/** Makes the lock appear, whole, unless there is one. */
function link(file: string, path: string): boolean {
  try {
    linkSync(file, path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw diskError(error, path)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw diskError(error, path)
  }
}

/** Undefined for what no claim of ours can be, such as the empty file of a power cut. */
function parse(text: string): ProcessIdentity | undefined {
  try {
    const {pid, startTime, bootId} = JSON.parse(text)
    return Number.isSafeInteger(pid) && typeof startTime === 'string' && typeof bootId === 'string'
      ? {pid, startTime, bootId}
      : undefined
  } catch {
    return undefined
  }
}

/** Slow to load, and needed only where a lock is taken. */
const crypto = () => process.getBuiltinModule('node:crypto')
