import {lstatSync, mkdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {rename} from '../base/rename.ts'
import {findInstalled} from './installed.ts'
import {isUnmovable, removeInPlace} from './remove-in-place.ts'
import {writeStoreSchema} from './schema.ts'
import {syncAll} from './sync.ts'
import type {Installed} from './types.ts'

export interface Promotion {
  toolchain: string
  version: string
  /** The complete version, built in a staging folder. */
  from: string
  /** Where to put a version that is there already, to be removed by the caller. */
  replaced: string
  /** Everything in `from` that must be on disk before it counts, relative to it; undefined: don't wait for the disk. */
  sync: readonly string[] | undefined
}

/**
 * Makes a built version an installed one, by one rename after everything is on disk. The caller
 * holds the version's lock.
 * @throws errors of the disk as they come
 */
export async function promote(
  context: Context,
  {toolchain, version, from, replaced, sync}: Promotion,
): Promise<Installed> {
  const to = context.layout.version(toolchain, version)
  if (sync !== undefined) await syncAll(from, sync)
  context.signal.throwIfAborted()
  mkdirSync(dirname(to), {recursive: true})
  writeStoreSchema(context)
  putInPlace(from, to, join(replaced, 'replaced'))
  if (sync !== undefined) await syncAll(dirname(to), ['.', '..'])
  const installed = findInstalled(context, toolchain, version)
  if (installed === undefined) throw new Error(`${to} was promoted without a bin folder`)
  return installed
}

function putInPlace(from: string, to: string, aside: string): void {
  const isAside = lstatSync(to, {throwIfNoEntry: false}) !== undefined && moveAside(to, aside)
  try {
    rename(from, to)
  } catch (error) {
    if (isAside) rename(aside, to)
    throw error
  }
}

/** @returns false where it had to be removed instead */
function moveAside(directory: string, aside: string): boolean {
  try {
    rename(directory, aside)
    return true
  } catch (error) {
    if (!isUnmovable(error)) throw error
    removeInPlace(directory)
    return false
  }
}
