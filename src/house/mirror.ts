import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskErrorOutside, makeDirectory, readTextIfAny} from '../base/files.ts'
import {inParallel} from '../base/in-parallel.ts'
import {anyPlatform, parsePlatformName} from '../base/platform.ts'
import {platformNamed} from '../base/platform-name.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import {about} from '../install/about.ts'
import type {InstallProgress} from '../install/progress.ts'
import {checkVersionName} from '../install/version-name.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {acquireLock} from '../process/lock.ts'
import {installable} from '../resolve/installable.ts'
import {resolveVersion} from '../resolve/version.ts'
import {
  type DirectoryArtifact,
  type DirectoryIndex,
  directoryIndex,
  saveDirectoryIndex,
} from '../source/directory-index.ts'
import {openSource} from '../source/open.ts'
import type {Artifact, Source, VersionList} from '../source/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {mirrorBlob} from './mirror-blob.ts'

export interface MirrorRequest {
  pins: readonly Pin[]
  /** The folder of the mirror: `<toolchain>/index.json` and `<toolchain>/blobs/` come below it. */
  directory: string
  /** Names of platforms; none: all that there are. */
  platforms?: readonly string[]
}

export interface MirrorOptions {
  progress?: InstallProgress
  /** By default one of its own. */
  network?: Network
}

/** One archive in the mirror. */
export interface Mirrored {
  toolchain: string
  version: string
  /** `any` for one that serves all. */
  platform: string
  integrity: string
  /** Bytes. */
  size: number
  /** False if it was there already. */
  fresh: boolean
}

/** How many archives at a time. */
const jobs = 4

/**
 * Adds versions to a mirror: static files that any web server can serve, and `tool install --from` reads. Each archive is
 * verified on its way and kept under the digest that its source promised, so that lock files hold for the mirror too;
 * one that is there, and whole, is not fetched again. The index of a toolchain is replaced last, by one rename.
 * @throws UserError NO_SUCH_VERSION, NO_ARTIFACT_FOR_PLATFORM, PLATFORM_UNKNOWN, INTEGRITY_MISMATCH, NETWORK_*, INDEX_INVALID,
 * those of the disk
 */
export async function mirror(
  context: Context,
  definitions: Definitions,
  {pins, directory, platforms = []}: MirrorRequest,
  options: MirrorOptions = {},
): Promise<Mirrored[]> {
  for (const name of platforms) platformNamed(name)
  const network = options.network ?? createNetwork(context)
  const ids = {next: 0}
  const all: Mirrored[] = []
  for (const [toolchain, own] of Map.groupBy(pins, ({toolchain, nameOrigin, origin}) =>
    definitions.get(toolchain, nameOrigin ?? origin),
  )) {
    const work: Work = {context, definition: toolchain, network, platforms, ids, ...pick(options)}
    all.push(...(await mirrorToolchain(work, own, join(directory, toolchain.name))))
  }
  return all
}

const pick = ({progress}: MirrorOptions) => (progress === undefined ? {} : {progress})

interface Work {
  context: Context
  definition: Definition
  network: Network
  platforms: readonly string[]
  progress?: InstallProgress
  ids: {next: number}
}

async function mirrorToolchain(work: Work, pins: readonly Pin[], directory: string): Promise<Mirrored[]> {
  const {context} = work
  try {
    makeDirectory(directory)
    // Of two that add to one mirror, each must keep what the other added.
    await using _lock = await lockMirror(context, directory)
    const index = readIndex(directory)
    const source = openSource(context, work.definition, {network: work.network, refresh: true})
    const list = await about(context, subjectOf(work, pins[0]), source.list)
    const done: Mirrored[] = []
    for (const pin of pins) done.push(...(await mirrorVersion(work, pin, {source, list, index, directory})))
    saveDirectoryIndex(directory, {...index, tags: {...index.tags, ...tagsOf(list, index)}})
    return done
  } catch (error) {
    throw errnoOf(error) === undefined || error instanceof UserError
      ? error
      : diskErrorOutside(error, directory)
  }
}

async function lockMirror({signal}: Context, directory: string): Promise<AsyncDisposable> {
  try {
    return await acquireLock(join(directory, '.lock'), {signal})
  } catch (error) {
    throw diskErrorOutside(error, join(directory, '.lock'))
  }
}

interface Place {
  source: Source
  list: VersionList
  index: DirectoryIndex
  directory: string
}

async function mirrorVersion(work: Work, pin: Pin, place: Place): Promise<Mirrored[]> {
  const {context, definition} = work
  const {source, list, index, directory} = place
  const version = await resolveVersion(context, definition, pin, {list: async () => list})
  checkVersionName(context, definition.name, version, pin.origin)
  const subject = {toolchain: definition.name, version, origin: pin.origin}
  const artifacts = await about(context, subject, () => chosen(work, source, version))
  const entries = await inParallel([...artifacts], jobs, async ([platform, artifact]) => {
    const blob = await about(context, subject, () => fetchOne(work, {version, platform, artifact, directory}))
    const {format, strip, executables} = artifact
    const how = {format, strip, ...(executables && {executables: {...executables}})}
    return {platform, artifact: {blob: blob.integrity, size: blob.size, ...how}, fresh: blob.fresh}
  })
  const kept = index.versions[version]?.artifacts ?? []
  const names = new Set(entries.map(({platform}) => platform))
  index.versions[version] = {
    artifacts: [
      ...kept.filter(({platform = anyPlatform}) => !names.has(platform)),
      ...entries.map(
        ({platform, artifact}): DirectoryArtifact =>
          platform === anyPlatform ? artifact : {platform, ...artifact},
      ),
    ].sort(byPlatform),
  }
  return entries.map(({platform, artifact, fresh}) => ({
    toolchain: definition.name,
    version,
    platform,
    integrity: artifact.blob,
    size: artifact.size,
    fresh,
  }))
}

function byPlatform(a: DirectoryArtifact, b: DirectoryArtifact): number {
  return (a.platform ?? '') < (b.platform ?? '') ? -1 : 1
}

/** The artifacts of all platforms, or of those that were named. */
async function chosen(
  {platforms}: Work,
  source: Source,
  version: string,
): Promise<ReadonlyMap<string, Artifact>> {
  const all = await source.artifacts(version)
  const one = all.get(anyPlatform)
  if (platforms.length === 0) return all
  if (one !== undefined) return new Map([[anyPlatform, one]])
  const named = await inParallel([...new Set(platforms)], jobs, async name => {
    const artifact = all.get(name) ?? (await source.artifact(version, parsePlatformName(name)))
    return [name, artifact] as const
  })
  return new Map(named)
}

interface One {
  version: string
  platform: string
  artifact: Artifact
  directory: string
}

async function fetchOne(work: Work, {version, platform, artifact, directory}: One) {
  const {context, network, definition, progress, ids} = work
  const id = ids.next++
  const name = platform === anyPlatform ? version : `${version} ${platform}`
  progress?.onStart(id, {toolchain: definition.name, version: name})
  try {
    return await mirrorBlob(context, network, artifact, directory, {
      bytes: (received, total) => progress?.onBytes(id, received, total),
      phase: phase => progress?.onPhase(id, phase),
    })
  } finally {
    progress?.onFinish(id)
  }
}

/** The moving names that mean a version which the mirror has. */
function tagsOf({tags}: VersionList, {versions}: DirectoryIndex): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([, version]) => Object.hasOwn(versions, version)))
}

function readIndex(directory: string): DirectoryIndex {
  const path = join(directory, 'index.json')
  const text = readIndexText(path)
  if (text === undefined) return {versions: {}, tags: {}}
  try {
    return directoryIndex.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError({
      code: 'INDEX_INVALID',
      message: `${path} is not the index of a mirror`,
      hint: 'name the folder of a mirror, or a new one',
      exitCode: Exit.network,
      cause: error,
    })
  }
}

function readIndexText(path: string): string | undefined {
  try {
    return readTextIfAny(path)
  } catch (error) {
    throw diskErrorOutside(error, path)
  }
}

function subjectOf({definition}: Work, pin: Pin | undefined) {
  const version = (pin && installable(pin)?.text) ?? ''
  return {toolchain: definition.name, version, origin: pin?.origin ?? ({kind: 'default'} as const)}
}
