import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {isSameIntegrity, strongestDigest} from '../base/integrity.ts'
import {describeOrigin} from '../base/origin.ts'
import {anyPlatform} from '../base/platform.ts'
import type {Network} from '../fetch/network.ts'
import type {Definition} from '../model/definition.ts'
import type {LockEntry, LockedArtifact} from '../pin/lock-types.ts'
import type {Pin} from '../pin/types.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import type {Artifact} from '../source/types.ts'
import type {VersionSpec} from '../version/spec.ts'
import {about} from './about.ts'
import {explain} from './explain.ts'
import {checkVersionName} from './version-name.ts'

/** What is to be locked. */
export interface ToLock {
  definition: Definition
  pin: Pin
  /** The one of the pin's specs. */
  spec: VersionSpec
}

export interface SourceAccess {
  network: Network
  /** Whether a list of versions that was fetched a moment ago is fetched again. */
  refresh?: boolean
}

/**
 * Locks a spec: the newest version that it asks for, or the one given, with its archives for all platforms.
 * @throws UserError NO_SUCH_VERSION, NO_ARTIFACT_FOR_PLATFORM, and those of the source
 */
export async function makeEntry(
  context: Context,
  {definition, pin, spec}: ToLock,
  {network, refresh = false}: SourceAccess,
  known?: string,
): Promise<LockEntry> {
  const {name: toolchain} = definition
  const {origin} = pin
  const source = openSource(context, definition, {network, refresh})
  const subject = {toolchain, version: spec.text, origin}
  const exact = known ?? (spec.kind === 'exact' ? spec.version : undefined)
  const version =
    exact ??
    (await resolveVersion(
      context,
      definition,
      {...pin, specs: [spec]},
      {
        list: () => about(context, subject, source.list),
      },
    ))
  checkVersionName(context, toolchain, version, origin)
  const artifacts = await about(context, {...subject, version}, () => source.artifacts(version)).catch(
    async error => {
      throw await explain(context, {definition, version, origin}, {network}, error)
    },
  )
  return {toolchain, spec: spec.text, version, artifacts: mapValues(artifacts, lockedOf), line: 0}
}

/**
 * Holds an entry against what its source offers now; what exists for further platforms is added. A version that the
 * source has no more is kept as it is.
 * @throws UserError INTEGRITY_MISMATCH, and those of the source
 */
export async function verifyEntry(
  context: Context,
  entry: LockEntry,
  path: string,
  toLock: ToLock,
  access: SourceAccess,
): Promise<LockEntry> {
  const offered = await offeredNow(context, entry, toLock, access)
  if (offered === undefined) return entry
  for (const [platform, artifact] of offered) {
    const locked = entry.artifacts.get(platform)
    if (locked && isSameIntegrity(locked.integrity, artifact.integrity) === false)
      throw changed(context, entry, path, {platform, locked, artifact})
  }
  const added = [...offered].filter(([platform]) => !entry.artifacts.has(platform))
  // An archive for all, and one for each platform, are two ways that can't be mixed.
  const mixed = entry.artifacts.has(anyPlatform) || offered.has(anyPlatform)
  if (added.length === 0 || mixed) return entry
  const {text: _, ...rest} = entry
  return {...rest, artifacts: new Map([...entry.artifacts, ...mapValues(new Map(added), lockedOf)])}
}

async function offeredNow(
  context: Context,
  {version}: LockEntry,
  {definition, pin}: ToLock,
  {network}: SourceAccess,
): Promise<ReadonlyMap<string, Artifact> | undefined> {
  if (await network.offline()) return undefined
  const {name: toolchain} = definition
  const source = openSource(context, definition, {network})
  try {
    return await about(context, {toolchain, version, origin: pin.origin}, () => source.artifacts(version))
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== Exit.noSuchVersion) throw error
    context.log.warning(`${error.message}; it stays locked`)
    return undefined
  }
}

function changed(
  {cwd}: Context,
  {toolchain, version, line}: LockEntry,
  path: string,
  now: {platform: string; locked: LockedArtifact; artifact: Artifact},
): UserError {
  const {platform, locked, artifact} = now
  const place = describeOrigin({kind: 'file', path, line}, cwd)
  return new UserError({
    code: 'INTEGRITY_MISMATCH',
    message: `${toolchain} ${version} for ${platform} has changed since it was locked: ${place} says ${locked.integrity}, ${artifact.source} offers ${artifact.integrity}`,
    hint: `find out who changed it; if you trust what is offered now: tool lock --upgrade ${toolchain}`,
    exitCode: Exit.integrity,
  })
}

function lockedOf({integrity, size, portableUrl}: Artifact): LockedArtifact {
  const digest = strongestDigest(integrity)
  if (digest === undefined) throw unknownDigest(integrity)
  return {integrity: digest, url: portableUrl, ...(size !== undefined && {size})}
}

function unknownDigest(integrity: string): UserError {
  return new UserError({
    code: 'INTEGRITY_UNKNOWN',
    message: `the promised digest can't be checked, so it can't be locked: ${JSON.stringify(integrity)}`,
    hint: 'report it to those who published it',
    exitCode: Exit.integrity,
  })
}

function mapValues<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): Map<K, R> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}
