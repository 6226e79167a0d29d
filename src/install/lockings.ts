import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {platformName} from '../base/platform.ts'
import type {Network} from '../fetch/network.ts'
import {findEntry} from '../pin/lock-file.ts'
import {artifactFor, type LockEntry} from '../pin/lock-types.ts'
import type {Locked, Resolved} from '../resolve/types.ts'
import type {InstallRequest} from './install.ts'
import {makeEntry, type ToLock} from './lock-entry.ts'
import {writeLock} from './write-lock.ts'

/** What installs have to do with lock files: they do what those say, and add what those lack. */
export interface Lockings {
  /** The request that a lock file makes of a pin; undefined where none decides. @throws as `makeEntry` */
  requestFor(toLock: ToLock, local: Resolved): Promise<InstallRequest | undefined>
  /** Writes the entries that were made, once what they name is installed. */
  write(): Promise<void>
}

export function createLockings(context: Context, network: Network): Lockings {
  const made = new Map<string, LockEntry[]>()
  const add = (path: string, entry: LockEntry) => void made.set(path, [...(made.get(path) ?? []), entry])
  return {
    async requestFor(toLock, local) {
      if (local.via === 'store') return local.locked && asLocked(context, toLock, local.locked)
      if (local.via !== 'missing' || local.because.kind === 'not-there') return undefined
      const {because} = local
      if (because.kind === 'not-there-as-locked') return asLocked(context, toLock, because.locked)
      if (because.kind === 'not-locked') {
        if (because.path === undefined) return undefined
        const entry = await makeEntry(context, toLock, {network})
        add(because.path, entry)
        return anew(context, toLock, entry)
      }
      const {path, entry: old} = because.locked
      const version = because.kind === 'not-locked-for-platform' ? old.version : undefined
      const entry = await makeEntry(context, toLock, {network}, version)
      add(path, entry)
      return anew(context, toLock, entry)
    },
    async write() {
      for (const [path, entries] of made) {
        const isMade = ({toolchain, spec}: LockEntry) => findEntry({entries}, toolchain, spec) !== undefined
        await writeLock(context, path, now => [...now.filter(entry => !isMade(entry)), ...entries])
      }
    },
  }
}

/** What a lock file names is its doing. */
function asLocked(context: Context, toLock: ToLock, {path, entry}: Locked): InstallRequest {
  return requestOf(context, toLock, entry, {kind: 'file', path, line: entry.line})
}

/** An entry that was made just now may turn out to have nothing for this machine. */
function anew(context: Context, toLock: ToLock, entry: LockEntry): InstallRequest {
  const {origin} = toLock.pin
  const platform = platformName(context.platform)
  if (artifactFor(entry, platform)) return requestOf(context, toLock, entry, origin)
  throw new UserError({
    code: 'NO_ARTIFACT_FOR_PLATFORM',
    message: `${entry.toolchain} ${entry.version} is not there for ${platform} (set by ${describeOrigin(origin, context.cwd)})`,
    hint: `it is there for ${[...entry.artifacts.keys()].sort().join(', ')}; choose another version`,
    exitCode: Exit.noSuchVersion,
  })
}

function requestOf(
  context: Context,
  {definition, spec}: ToLock,
  entry: LockEntry,
  origin: Origin,
): InstallRequest {
  const promised = artifactFor(entry, platformName(context.platform))
  return {definition, version: entry.version, spec, origin, ...(promised && {promised})}
}
