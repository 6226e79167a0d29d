import {isAbsolute, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {platformName} from '../base/platform.ts'
import {getJson} from '../fetch/json.ts'
import type {DirectorySourceDefinition} from '../model/definition.ts'
import type {Around} from './around.ts'
import type {DirectoryIndex} from './directory-index.ts'
import {indexInvalid, noArtifact, noSuchVersion} from './errors.ts'
import type {Source} from './types.ts'

/** A folder, or the same folder on a web server, with an `index.json` and the blobs that it names. */
export function directorySource(around: Around, {path}: DirectorySourceDefinition): Source {
  const base = baseUrl(path)
  const source = `directory ${path}`
  return {
    async list() {
      const {versions, tags} = await readIndex(around, base)
      return {versions: Object.keys(versions), tags}
    },
    async artifact(version) {
      const {blobPath} = await import('./directory-index.ts')
      const {versions} = await readIndex(around, base)
      const offered = Object.hasOwn(versions, version) ? versions[version] : undefined
      if (offered === undefined) throw noSuchVersion(around, version, source)
      const here = platformName(around.context.platform)
      const found =
        offered.artifacts.find(({platform}) => platform === here) ??
        offered.artifacts.find(({platform}) => platform === undefined)
      if (found === undefined) throw noArtifact(around, version, source)
      const {blob, size, format, strip} = found
      return {url: new URL(blobPath(blob), base).href, integrity: blob, size, format, strip, source}
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
