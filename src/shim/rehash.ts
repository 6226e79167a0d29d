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
  const done: Rehashed = {written: [], removed: [], kept: [], foreign: []}
  if (wanted.length > 0) makeDirectory(folder)
  for (const {file, text} of wanted) {
    const path = join(folder, file)
    const there = textAt(path)
    if (there === text && isExecutable(path)) done.kept.push(file)
    else if (there !== undefined && !isShim(there)) done.foreign.push(file)
    else {
      writeFileAtomic(path, text, 0o755)
      done.written.push(file)
    }
  }
  const names = new Set(wanted.map(({file}) => file))
  for (const file of ownShims(folder).filter(name => !names.has(name))) {
    rmSync(join(folder, file), {force: true})
    done.removed.push(file)
  }
  return done
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
