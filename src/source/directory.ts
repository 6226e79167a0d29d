import {isAbsolute, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {isSameIntegrity} from '../base/integrity.ts'
import {anyPlatform, platformName} from '../base/platform.ts'
import {getJson} from '../fetch/json.ts'
import type {DirectorySourceDefinition} from '../model/source-definition.ts'
import type {Around} from './around.ts'
import type {DirectoryArtifact, DirectoryIndex} from './directory-index.ts'
import {digestChanged, indexInvalid, noArtifact, noSuchVersion} from './errors.ts'
import type {Artifact, PlatformSource} from './types.ts'

/** A folder, or the same folder on a web server, with an `index.json` and the blobs that it names. */
export function directorySource(around: Around, {path}: DirectorySourceDefinition): PlatformSource {
  const base = baseUrl(path)
  const source = `directory ${path}`
  const offers = async (version: string) => {
    const {versions} = await readIndex(around, base)
    const offered = Object.hasOwn(versions, version) ? versions[version] : undefined
    if (offered === undefined) throw noSuchVersion(around, version, source)
    return offered.artifacts
  }
  const forHere = async (version: string) => {
    const artifacts = await offers(version)
    const here = platformName(around.context.platform)
    const found =
      artifacts.find(({platform}) => platform === here) ??
      artifacts.find(({platform}) => platform === undefined)
    if (found === undefined) throw noArtifact(around, version, source)
    return found
  }
  const artifactOf = async ({
    blob,
    size,
    format,
    strip,
    executables,
  }: DirectoryArtifact): Promise<Artifact> => {
    const {blobPath} = await import('./directory-index.ts')
    const url = new URL(blobPath(blob), base).href
    // Everybody has a local folder somewhere else.
    const portableUrl = base.protocol === 'file:' ? blobPath(blob) : url
    const more = executables && {executables}
    return {url, portableUrl, integrity: blob, size, format, strip, source, ...more}
  }
  return {
    async list() {
      const {versions, tags} = await readIndex(around, base)
      return {versions: Object.keys(versions), tags}
    },
    artifact: async version => artifactOf(await forHere(version)),
    async artifacts(version) {
      const artifacts = new Map<string, Artifact>()
      for (const offer of await offers(version)) {
        const name = offer.platform ?? anyPlatform
        if (!artifacts.has(name)) artifacts.set(name, await artifactOf(offer))
      }
      return artifacts
    },
    async locked(version, {integrity}) {
      const here = await forHere(version)
      if (isSameIntegrity(here.blob, integrity) !== true)
        throw digestChanged(around, version, {locked: integrity, offered: here.blob, source})
      return {artifact: await artifactOf(here), certain: true}
    },
  }
}

/** The loader of definitions made paths absolute. */
function baseUrl(path: string): URL {
  if (/^(?:https?|file):/.test(path)) return new URL(path.endsWith('/') ? path : `${path}/`)
  if (!isAbsolute(path)) throw new Error(`a directory source with a relative path: ${path}`)
  return pathToFileURL(join(path, '/'))
}

async function readIndex({network}: Around, base: URL): Promise<DirectoryIndex> {
  const {directoryIndex} = await import('./directory-index.ts')
  const url = new URL('index.json', base)
  const document = await getJson(network, url)
  const index = directoryIndex.safeParse(document?.value)
  if (index.success) return index.data
  const [problem] = index.error.issues
  throw indexInvalid(url, `${problem?.path.join('.')}: ${problem?.message}`, index.error)
}
