import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, isUserError, UserError, withoutCredentials} from '../base/errors.ts'
import {isSameIntegrity} from '../base/integrity.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {platformName} from '../base/platform.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {Definition} from '../model/definition.ts'
import {openSource} from '../source/open.ts'
import type {Artifact, Promised} from '../source/types.ts'
import {storeError} from '../store/errors.ts'
import {isComplete, linkExecutables, packageFolder} from '../store/executables.ts'
import {findInstalled} from '../store/installed.ts'
import {isLinked, updateLinks} from '../store/links.ts'
import {lockVersion} from '../store/lock.ts'
import {promote} from '../store/promote.ts'
import {readReceipt, writeReceipt} from '../store/receipt.ts'
import {createStaging, sweepStaging} from '../store/staging.ts'
import type {Installed} from '../store/types.ts'
import {concrete} from '../toolchain/concrete.ts'
import type {VersionSpec} from '../version/spec.ts'
import {about} from './about.ts'
import {fetchAndUnpack} from './fetch-and-unpack.ts'
import {foreignPlatform, platformMismatch} from './platform.ts'
import type {InstallProgress, Watcher} from './progress.ts'
import {checkVersionName} from './version-name.ts'

/** One exact version to be installed. */
export interface InstallRequest {
  definition: Definition
  version: string
  /** What the version was asked for as; the link of a tag or range is moved to it. */
  spec?: VersionSpec
  /** What set the version. */
  origin: Origin
  /** What a lock file promises of its archive: only that is installed, whatever the source says now. */
  promised?: Promised
}

export interface InstallOptions {
  progress?: InstallProgress
  /** Installs again what is there. */
  force?: boolean
  /** By default one of its own. */
  network?: Network
  /** Whether everything is on disk itself before it counts as installed; true unless said otherwise. */
  durable?: boolean
}

export interface InstallResult extends Installed {
  /** False if it was there already. */
  fresh: boolean
}

/**
 * Installs one version: fetched, verified and unpacked in one pass, promoted by one rename. Of many
 * processes that ask for the same version, one downloads it and the others wait. After any failure
 * the store is as it was.
 * @throws UserError NETWORK_*, PACKAGE_NOT_FOUND, NO_SUCH_VERSION, NO_ARTIFACT_FOR_PLATFORM, INDEX_INVALID,
 * INTEGRITY_MISMATCH, ARCHIVE_UNSAFE, ARCHIVE_CORRUPT, EXECUTABLE_MISSING, VERSION_NAME_UNSAFE, PLATFORM_MISMATCH,
 * HOME_NOT_A_DIRECTORY, DISK_FULL, PERMISSION_DENIED, READ_ONLY; the reason of the context's signal
 */
export async function install(
  context: Context,
  request: InstallRequest,
  options: InstallOptions = {},
): Promise<InstallResult> {
  return installAs(context, request, options, 0)
}

/** @internal */
export async function installAs(
  context: Context,
  request: InstallRequest,
  options: InstallOptions,
  id: number,
): Promise<InstallResult> {
  const {definition, version, spec} = request
  const {progress} = options
  checkVersionName(context, definition.name, version, request.origin)
  if (context.frozen && request.promised === undefined) throw notLocked(context, request)
  progress?.onStart(id, {toolchain: definition.name, version})
  const watcher: Watcher = {
    bytes: (received, total) => progress?.onBytes(id, received, total),
    phase: phase => progress?.onPhase(id, phase),
  }
  try {
    const result = await makeThere(context, request, options, watcher)
    const asked = spec && {spec, version}
    if (result.fresh || (asked && !isLinked(context, definition.name, asked))) {
      await updateLinks(context, definition.name, asked)
      // Of an install that was killed when its version was in place, this is what is left to do.
      sweepStaging(context)
    }
    return result
  } catch (error) {
    throw storeError(error, context.layout)
  } finally {
    progress?.onFinish(id)
  }
}

async function makeThere(
  context: Context,
  request: InstallRequest,
  options: InstallOptions,
  watcher: Watcher,
): Promise<InstallResult> {
  const {definition, version, promised} = request
  const there = () => {
    const found = options.force ? undefined : findInstalled(context, definition.name, version)
    const foreign = found && foreignPlatform(context, definition, found)
    if (found && foreign !== undefined) throw platformMismatch(context, found, foreign, request.origin)
    return found && isComplete(found) && isAsPromised(found, promised) ? found : undefined
  }
  const before = there()
  if (before !== undefined) return {...before, fresh: false}
  await using _lock = await lockVersion(context, definition.name, version, {
    onWait: () => watcher.phase('waiting'),
  })
  const meanwhile = there()
  if (meanwhile !== undefined) return {...meanwhile, fresh: false}
  if (!options.force) checkMayReplace(context, request)
  return {...(await build(context, request, options, watcher)), fresh: true}
}

function notLocked({cwd}: Context, {definition, version, origin}: InstallRequest): UserError {
  return new UserError({
    code: 'LOCK_OUTDATED',
    message: `${definition.name} ${version} is in no lock file, and nothing else is installed with --frozen (set by ${describeOrigin(origin, cwd)})`,
    hint: 'pin it in the project, and let tool lock write that down; or go without --frozen (TOOL_FROZEN)',
    exitCode: Exit.badPin,
  })
}

function isAsPromised(installed: Installed, promised: Promised | undefined): boolean {
  if (promised === undefined) return true
  return isSameIntegrity(readReceipt(installed)?.integrity ?? '', promised.integrity) === true
}

/** What a person put there is theirs to take away, also where a lock file wants another in its place. */
function checkMayReplace(context: Context, {definition, version, promised, origin}: InstallRequest): void {
  const there = promised && findInstalled(context, definition.name, version)
  if (there === undefined || readReceipt(there) !== undefined) return
  throw new UserError({
    code: 'VERSION_NOT_INSTALLED',
    message: `${definition.name} ${version} can't be installed as it is locked: what is in ${there.directory} was put there by hand (set by ${describeOrigin(origin, context.cwd)})`,
    hint: 'move it away, or replace it: tool install --force',
    exitCode: Exit.notInstalled,
  })
}

async function build(
  context: Context,
  {definition, version, origin, promised}: InstallRequest,
  {network = createNetwork(context), durable = true}: InstallOptions,
  watcher: Watcher,
): Promise<Installed> {
  const {name: toolchain} = definition
  const subject = {toolchain, version, origin}
  const source = openSource(context, definition, {network})
  let artifact = await about(context, subject, () =>
    promised ? source.locked(version, promised) : source.artifact(version),
  )
  const own = concrete(definition, version, context.platform)
  sweepStaging(context)
  using staging = createStaging(context, `${toolchain}-${version}`)
  const from = join(staging.directory, 'version')
  watcher.phase('downloading')
  const unpacked = await about(context, subject, async () => {
    const into = join(from, packageFolder)
    const fetch = () => fetchAndUnpack(context, network, artifact, {into, definition: own}, watcher)
    const contents = await fetch().catch(async error => {
      if (promised === undefined || !isNotFound(error)) throw error
      // This registry has its archives elsewhere than the one that the lock was made with.
      artifact = {...(await source.artifact(version)), integrity: promised.integrity}
      return fetch()
    })
    watcher.phase('storing')
    const executables = artifact.executables ?? own.executables
    const blame = {what: `${toolchain} ${version}`, definition: usersDefinition(context, toolchain)}
    const made = linkExecutables(from, executables, blame, context.platform.os)
    return {...contents, executables, made}
  })
  writeReceipt(from, {
    toolchain,
    version,
    // Offline the digest stands for what was verified when it came.
    ...originOf(artifact, !(await network.offline())),
    size: unpacked.size,
    files: unpacked.files.length,
    date: new Date().toISOString(),
    tool: toolVersion(context),
    platform: platformName(context.platform),
    executables: unpacked.executables,
  })
  const inPackage = [...unpacked.files, ...unpacked.directories].map(path => join(packageFolder, path))
  const sync = durable ? [...inPackage, 'receipt.json', ...unpacked.made, '.'] : undefined
  return await promote(context, {toolchain, version, from, replaced: staging.directory, sync})
}

function isNotFound(error: unknown): boolean {
  return isUserError(error, 'NETWORK_NOT_FOUND')
}

/** The file of a definition that a person wrote. */
function usersDefinition({layout}: Context, toolchain: string): string | undefined {
  const path = join(layout.definitions, `${toolchain}.json`)
  return existsSync(path) ? path : undefined
}

const originOf = ({source, url, integrity, signature}: Artifact, verified: boolean) => ({
  source,
  url: withoutCredentials(url),
  integrity,
  ...(signature && {
    signature:
      'unsupported' in signature
        ? {kind: signature.unsupported, verified: false}
        : {kind: 'minisign', verified},
  }),
})

function toolVersion({packageRoot}: Context): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version
}
