import {lstatSync, rmSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import type {Layout} from '../base/layout.ts'
import {namesIn} from '../base/names-in.ts'
import {liveRecords} from './control-record.ts'
import {logFolder, logFolderName} from './log-record.ts'
import {lockRun, removeIfEmpty} from './run-folder.ts'

/** Ms in which nothing was logged: who uses us as a library makes no project known, and may be about to go on. */
const quiet = 24 * 60 * 60_000

/**
 * The folders of logs that belong to no project any more.
 * @param roots of the projects that are there, or may be again
 */
export function forgottenLogs(layout: Layout, roots: readonly string[]): string[] {
  const live = liveRecords(layout).map(({root}) => root)
  const known = new Set([...roots, ...live].map(root => logFolder(layout, root)))
  return namesIn(layout.runs)
    .map(name => join(layout.runs, name, logFolderName))
    .filter(path => !known.has(path) && isQuiet(path))
}

/** Removes them, but for those of projects that are served by now. What can't be removed stays. Never rejects. */
export async function removeLogs(
  layout: Layout,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await Promise.allSettled(
    folders.map(async folder => {
      await using _lock = await lockRun(layout, basename(dirname(folder)), signal)
      if (!isQuiet(folder)) return
      rmSync(folder, {recursive: true, force: true})
      removeIfEmpty(dirname(folder))
    }),
  )
}

/** Whether there are logs, to which nobody wrote lately. */
function isQuiet(folder: string): boolean {
  const times = ['.', ...namesIn(folder)].map(name => timeOf(join(folder, name)))
  return times.length > 1 && Math.max(...times) < Date.now() - quiet
}

/** One that can't be looked at may be new. */
function timeOf(path: string): number {
  return lstatSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Number.POSITIVE_INFINITY
}
