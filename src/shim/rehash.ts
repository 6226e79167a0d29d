import {lstatSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {makeDirectory, writeFileAtomic} from '../base/files.ts'
import {isShim, isShimFile} from '../base/shim-mark.ts'
import {acquireLock} from '../process/lock.ts'
import {storeError} from '../store/errors.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {planShims} from './plan.ts'
import {type RenderedShim, shimRenderer} from './render.ts'

/** What a rehash did, by names of files in the shims folder. */
export interface Rehashed {
  written: string[]
  removed: string[]
  kept: string[]
  /** Files of a person that stand where a shim should be; they are left alone. */
  foreign: string[]
}

/**
 * Brings the shims in line with the executables of the installed versions: writes what is new or changed, removes what
 * is stale, and touches nothing that is no shim of ours. Of several at once each sees what those before it did.
 * @throws UserError HOME_NOT_A_DIRECTORY, DISK_FULL, PERMISSION_DENIED, READ_ONLY; the signal's reason
 */
export async function rehash(context: Context, definitions: Definitions): Promise<Rehashed> {
  const {layout, signal} = context
  try {
    makeDirectory(layout.locks)
    await using _lock = await acquireLock(layout.lock('shims'), {signal})
    const render = shimRenderer(context, definitions)
    return bringInLine(layout.shims, planShims(context, definitions).flatMap(render))
  } catch (error) {
    throw storeError(error, layout)
  }
}

/** The files of the shims folder that are shims of ours. */
export function listShims({layout}: Context): string[] {
  try {
    return ownShims(layout.shims)
  } catch (error) {
    throw storeError(error, layout)
  }
}

function bringInLine(folder: string, wanted: readonly RenderedShim[]): Rehashed {
  const {missing, outdated, stale, same, foreign} = compare(folder, wanted)
  const toWrite = new Set([...missing, ...outdated])
  if (wanted.length > 0) makeDirectory(folder)
  for (const {file, text} of wanted) if (toWrite.has(file)) writeFileAtomic(join(folder, file), text, 0o755)
  for (const file of stale) rmSync(join(folder, file), {force: true})
  return {written: [...toWrite], removed: stale, kept: same, foreign}
}

/** How the shims folder differs from what a rehash would make of it, by names of files. */
export interface ShimDifferences {
  same: string[]
  missing: string[]
  /** Shims of ours with another text, or that may not be run. */
  outdated: string[]
  /** Shims of ours that no installed version has an executable for. */
  stale: string[]
  /** Files of a person that stand where a shim should be. */
  foreign: string[]
}

/**
 * Compares the shims with the executables of the installed versions; changes nothing.
 * @throws UserError HOME_NOT_A_DIRECTORY, PERMISSION_DENIED
 */
export function compareShims(context: Context, definitions: Definitions): ShimDifferences {
  const {layout} = context
  try {
    const render = shimRenderer(context, definitions)
    return compare(layout.shims, planShims(context, definitions).flatMap(render))
  } catch (error) {
    throw storeError(error, layout)
  }
}

function compare(folder: string, wanted: readonly RenderedShim[]): ShimDifferences {
  const found: ShimDifferences = {same: [], missing: [], outdated: [], stale: [], foreign: []}
  for (const {file, text} of wanted) {
    const path = join(folder, file)
    const there = textAt(path)
    if (there === undefined) found.missing.push(file)
    else if (there === text && isExecutable(path)) found.same.push(file)
    else if (isShim(there)) found.outdated.push(file)
    else found.foreign.push(file)
  }
  const names = new Set(wanted.map(({file}) => file))
  found.stale = ownShims(folder).filter(name => !names.has(name))
  return found
}

function ownShims(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => isOwnFile(join(folder, name)))
      .sort()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

/** The text of a file; empty for what is no file, undefined where there is nothing. */
function textAt(path: string): string | undefined {
  const stats = lstatSync(path, {throwIfNoEntry: false})
  if (stats === undefined) return undefined
  return stats.isFile() ? readFileSync(path, 'utf8') : ''
}

function isExecutable(path: string): boolean {
  return process.platform === 'win32' || (statSync(path).mode & 0o111) === 0o111
}

/** A link to a shim is a person's. */
function isOwnFile(path: string): boolean {
  return lstatSync(path).isFile() && isShimFile(path)
}
