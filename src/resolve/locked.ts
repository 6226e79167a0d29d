import type {Context} from '../base/context.ts'
import {isSameIntegrity} from '../base/integrity.ts'
import {platformName} from '../base/platform.ts'
import {findEntry, lockPathOf, readLock} from '../pin/lock-file.ts'
import {artifactFor, type LockEntry, type LockedArtifact, type LockFile} from '../pin/lock-types.ts'
import type {Pin} from '../pin/types.ts'
import {findInstalled} from '../store/installed.ts'
import {readReceipt} from '../store/receipt.ts'
import {satisfies} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import {asStored, findNamed, type Stored} from './stored.ts'
import type {Found, Locked, Missing} from './types.ts'

/** The lock that decides for a pin: one that is there, or one that is missed. */
export interface Lock {
  /** Undefined where nothing could lock the pin. */
  path: string | undefined
  file: LockFile | undefined
}

/**
 * The lock that decides for a pin; undefined where none does. With `--frozen` one has to.
 * @throws UserError LOCK_INVALID
 */
export function lockFor(context: Context, pin: Pin): Lock | undefined {
  const path = lockPathOf(pin, context)
  const file = path === undefined ? undefined : readLock(path, context)
  return file || context.frozen ? {path, file} : undefined
}

/** What a lock makes of a spec: a version whose receipt has the digest that the lock names for this machine, or nothing. */
export function resolveLocked(context: Context, toolchain: string, spec: VersionSpec, lock: Lock): Found {
  const read = readEntry(context, toolchain, spec, lock)
  if (read.because?.kind === 'not-locked' && lock.file && !context.frozen) {
    const own = findUnlockable(context, toolchain, spec)
    if (own) return own
  }
  return read.because ? missing(read.because) : findLocked(context, read.locked, read.artifact)
}

/** What a lock says of a spec on this machine, or why it says nothing. */
export function readEntry(
  {platform}: Context,
  toolchain: string,
  spec: VersionSpec,
  {path, file}: Lock,
): {locked: Locked; artifact: LockedArtifact; because?: never} | {because: Missing} {
  const entry = file && findEntry(file, toolchain, spec.text)
  if (path === undefined || entry === undefined)
    return {because: {kind: 'not-locked', ...(path !== undefined && {path}), exists: file !== undefined}}
  const locked: Locked = {path, entry}
  if (!isAskedFor(entry, spec)) return {because: {kind: 'locked-otherwise', locked}}
  const here = platformName(platform)
  const artifact = artifactFor(entry, here)
  if (artifact === undefined) return {because: {kind: 'not-locked-for-platform', locked, platform: here}}
  return {locked, artifact}
}

/** What a person linked or put into the store under the very name that is pinned: nobody else could get it. */
export function findUnlockable(context: Context, toolchain: string, spec: VersionSpec): Stored | undefined {
  const named = findNamed(context, toolchain, spec)
  return named && readReceipt(named.installed) === undefined ? named : undefined
}

function findLocked(context: Context, locked: Locked, artifact: LockedArtifact): Found {
  const {entry} = locked
  const stored = asStored(findInstalled(context, entry.toolchain, entry.version))
  if (stored === undefined) return missing({kind: 'not-there-as-locked', locked})
  const integrity = readReceipt(stored.installed)?.integrity
  if (integrity !== undefined && isSameIntegrity(integrity, artifact.integrity)) return {...stored, locked}
  return missing({kind: 'not-there-as-locked', locked, rival: {installed: stored.installed, integrity}})
}

/** What a tag means only its source knows. */
function isAskedFor({version}: LockEntry, spec: VersionSpec): boolean {
  return spec.kind === 'tag' || satisfies(version, spec)
}

function missing(because: Missing): Found {
  return {via: 'missing', because}
}
