import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {readOwnedText} from '../base/owned-text.ts'

/** What the `package.json` of an installed package says. */
export interface PackageDocument {
  version: string
  /** Its commands, each with the file that it runs, relative to the package. */
  bin: Readonly<Record<string, string>>
}

/** Bytes; no package has as many. */
const most = 1024 * 1024

/** Reads it; undefined where there is none, or none that is sound and the person's own. */
export function readPackage(directory: string, {env, log}: Context): PackageDocument | undefined {
  const path = join(directory, 'package.json')
  const read = readOwnedText(path, env, most)
  if (read === undefined) return undefined
  if (!('text' in read)) {
    log.debug(`${path} does not count (${read.problem})`)
    return undefined
  }
  try {
    const {name, version, bin} = JSON.parse(read.text.replace(/^\uFEFF/, ''))
    return typeof version === 'string' ? {version, bin: binOf(name, bin)} : undefined
  } catch {
    return undefined
  }
}

/** One path stands for the command that is called as the package is. */
function binOf(name: unknown, bin: unknown): Record<string, string> {
  if (typeof bin === 'string') return typeof name === 'string' ? {[name.replace(/^@[^/]*\//, '')]: bin} : {}
  if (typeof bin !== 'object' || bin === null) return {}
  return Object.fromEntries(
    Object.entries(bin).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
