import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {withoutCredentials} from '../base/errors.ts'
import {readTextIfAny} from '../base/files.ts'
import type {Definition} from '../model/definition.ts'
import type {SourceDefinition} from '../model/source-definition.ts'
import {releasesAddress} from './github-address.ts'
import type {VersionList} from './types.ts'

/**
 * What the cache last heard of a toolchain's versions, from whatever registry: for those who can't wait, since neither
 * the network nor npm's configuration is asked. Undefined where nothing was ever heard.
 */
export function lastKnownVersions({layout}: Context, definition: Definition): VersionList | undefined {
  const folder = join(layout.cache, 'indexes')
  const entries = namesIn(folder)
    .map(name => read(join(folder, name)))
    .filter(entry => entry !== undefined)
    .sort((a, b) => b.checked - a.checked)
  for (const source of definition.sources) {
    const found = entries.find(({url}) => isOf(url, source))
    if (found) return {versions: found.versions, tags: found.tags}
  }
  return undefined
}

interface Entry extends VersionList {
  url: string
  checked: number
}

function isOf(url: string, source: SourceDefinition): boolean {
  if (source.kind === 'index') return url === withoutCredentials(source.url)
  if (source.kind === 'github') return url === withoutCredentials(releasesAddress(source))
  if (source.kind !== 'npm') return false
  return url.endsWith(`/${source.package.replace('/', '%2f')}`)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.json'))
  } catch {
    return []
  }
}

function read(path: string): Entry | undefined {
  try {
    const entry = JSON.parse(readTextIfAny(path) ?? 'null') as Partial<Entry> | null
    if (typeof entry?.url !== 'string' || !Array.isArray(entry.versions)) return undefined
    const {url, versions, tags = {}, checked = 0} = entry
    return {url, versions, tags, checked}
  } catch {
    return undefined
  }
}
