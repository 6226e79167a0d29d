import {lstatSync, readdirSync, rmdirSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {sizeOf} from './size.ts'
import {abandonedStaging, sweepStaging} from './staging.ts'

/** What nobody needs any more, beside versions. */
export interface Leftovers {
  /** Files of the cache, absolute. */
  cached: string[]
  /** Folders of installs that never came to an end. */
  staged: string[]
  /** What both take on the disk. */
  bytes: number
}

/** Ms after which a file of the cache that was not written again is taken for forgotten. */
const forgotten = 30 * 24 * 60 * 60_000

/** Finds files of the cache that nobody wrote for a month, and what dead processes left in staging. */
export function findLeftovers(context: Context): Leftovers {
  const staged = abandonedStaging(context)
  const cached = filesBelow(context.layout.cache).filter(path => {
    const stats = lstatSync(path, {throwIfNoEntry: false})
    return stats !== undefined && stats.mtimeMs < Date.now() - forgotten
  })
  const bytes = [...staged, ...cached].reduce((sum, path) => sum + sizeOf(path), 0)
  return {cached, staged, bytes}
}

/** Removes them. What can't be removed stays, and harms nobody. */
export function removeLeftovers(context: Context, {cached}: Leftovers): void {
  sweepStaging(context)
  for (const path of cached) attempt(context, () => rmSync(path, {force: true}))
  const folders = new Set(cached.map(dirname).filter(path => path !== context.layout.cache))
  // One that still has something in it stays, too.
  for (const path of folders) attempt(context, () => rmdirSync(path))
}

function attempt({log}: Context, work: () => void): void {
  try {
    work()
  } catch (error) {
    log.debug(messageOf(error))
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(path) : [path]
    })
  } catch {
    // There is none, or it is another's.
    return []
  }
}
