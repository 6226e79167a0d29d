import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import type {Network} from '../fetch/network.ts'
import {findEntry} from '../pin/lock-file.ts'
import type {LockEntry, LockFile} from '../pin/lock-types.ts'
import {findUnlockable, readEntry} from '../resolve/locked.ts'
import {notInstalled} from '../resolve/missing.ts'
import {makeEntry, type ToLock, verifyEntry} from './lock-entry.ts'
import {writeLock} from './write-lock.ts'

/** A folder that pins versions, and its lock file. */
export interface Folder {
  path: string
  file: LockFile | undefined
  toLock: readonly ToLock[]
}

/** What became of one lock file. */
export interface LockedFile {
  path: string
  /** Whether it is another than before. */
  written: boolean
  entries: LockChange[]
}

export interface LockChange {
  toolchain: string
  spec: string
  version: string
  /** The version before, if it was another. */
  previous?: string
  change: 'added' | 'kept' | 'changed' | 'removed'
  /** Names of the platforms that it is locked for. */
  platforms: string[]
  /** What pins it; null for what nothing pins any more. */
  origin: Origin | null
}

interface FolderOptions {
  /** Toolchains whose versions are looked for anew, or all of them. */
  upgrade?: readonly string[] | 'all'
  /** Whether what stays locked is held against what its source offers now. */
  verify?: boolean
  network: Network
}

/** Locks what a folder pins, and writes its lock file. */
export async function lockFolder(
  context: Context,
  folder: Folder,
  options: FolderOptions,
): Promise<LockedFile> {
  const {path, file} = folder
  const before = file?.entries ?? []
  const lockable = folder.toLock.filter(one => isLockable(context, folder, one))
  const changes: LockChange[] = []
  const entries: LockEntry[] = []
  for (const one of lockable) {
    const known = findEntry({entries: before}, one.definition.name, one.spec.text)
    const entry = await entryFor(context, folder, one, known, options)
    entries.push(entry)
    changes.push({...changeOf(known, entry), origin: one.pin.origin})
  }
  const removed = before.filter(entry => !has(entries, entry))
  const written = await writeLock(context, path, now => [
    ...entries,
    // What another process added meanwhile is none of ours.
    ...now.filter(entry => !has(before, entry) && !has(entries, entry)),
  ])
  return {path, written, entries: [...changes, ...removed.map(removal)]}
}

/**
 * Finds out whether a lock file says of every pin of its folder what it should, and of nothing else; asks nobody.
 * @throws UserError LOCK_OUTDATED
 */
export function checkFolder(context: Context, {path, file, toLock}: Folder): LockedFile {
  const changes = toLock.map(({definition: {name: toolchain}, pin, spec}): LockChange => {
    const read = readEntry(context, toolchain, spec, {path, file})
    if (read.because)
      throw notInstalled({toolchain, pin, spec, via: 'missing', because: read.because}, context)
    return {...describe(read.locked.entry, 'kept'), origin: pin.origin}
  })
  const stale = file?.entries.find(
    entry =>
      !toLock.some(({definition, spec}) => definition.name === entry.toolchain && spec.text === entry.spec),
  )
  if (stale) throw notPinned(context, path, stale)
  return {path, written: false, entries: changes}
}

/** What a person linked under the very name that is pinned is nobody else's. */
function isLockable(context: Context, {file}: Folder, {definition, pin, spec}: ToLock): boolean {
  const {name: toolchain} = definition
  if (file && findEntry(file, toolchain, spec.text)) return true
  if (!findUnlockable(context, toolchain, spec)) return true
  const origin = describeOrigin(pin.origin, context.cwd)
  context.log.warning(
    `${toolchain} ${spec.text} is a folder of yours, which is not locked (set by ${origin})`,
  )
  return false
}

async function entryFor(
  context: Context,
  {path, file}: Folder,
  toLock: ToLock,
  known: LockEntry | undefined,
  {upgrade = [], verify = true, network}: FolderOptions,
): Promise<LockEntry> {
  const {definition, spec} = toLock
  const upgraded = upgrade === 'all' || upgrade.includes(definition.name)
  const read = readEntry(context, definition.name, spec, {path, file})
  if (known && !upgraded && read.because?.kind !== 'locked-otherwise')
    return verify ? verifyEntry(context, known, path, toLock, {network}) : known
  const entry = await makeEntry(context, toLock, {network, refresh: true})
  return known && isSame(known, entry) ? known : entry
}

function has(entries: readonly LockEntry[], {toolchain, spec}: LockEntry): boolean {
  return findEntry({entries}, toolchain, spec) !== undefined
}

function isSame(a: LockEntry, b: LockEntry): boolean {
  const text = ({version, artifacts}: LockEntry) =>
    JSON.stringify([
      version,
      [...artifacts].map(([name, {integrity, size, url}]) => [name, integrity, size, url]).sort(),
    ])
  return text(a) === text(b)
}

function changeOf(before: LockEntry | undefined, entry: LockEntry): Omit<LockChange, 'origin'> {
  if (before === undefined) return describe(entry, 'added')
  if (before.version !== entry.version) return {...describe(entry, 'changed'), previous: before.version}
  return describe(entry, isSame(before, entry) ? 'kept' : 'changed')
}

function removal(entry: LockEntry): LockChange {
  return {...describe(entry, 'removed'), origin: null}
}

function describe({toolchain, spec, version, artifacts}: LockEntry, change: LockChange['change']) {
  return {toolchain, spec, version, change, platforms: [...artifacts.keys()].sort()}
}

function notPinned({cwd}: Context, path: string, {toolchain, spec, version, line}: LockEntry): UserError {
  const place = describeOrigin({kind: 'file', path, line}, cwd)
  return new UserError({
    code: 'LOCK_OUTDATED',
    message: `${place} names ${toolchain} ${version} for ${JSON.stringify(spec)}, which nothing pins any more`,
    hint: 'run tool lock, without --frozen (TOOL_FROZEN), and commit what it writes',
    exitCode: Exit.badPin,
  })
}
