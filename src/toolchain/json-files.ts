import {readdirSync, statSync} from 'node:fs'
import {childPath} from '../base/child-path.ts'
import {errnoOf} from '../base/errors.ts'
import {diskError} from '../base/files.ts'

/** The paths of the `*.json` in a folder, in the order of their names; none where there is no such folder. */
export function jsonFilesIn(directory: string): string[] {
  try {
    // Asked first, since most folders that are looked for are not there, and an error takes longer than the rest.
    if (statSync(directory, {throwIfNoEntry: false}) === undefined) return []
    return readdirSync(directory)
      .filter(name => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
      .map(name => childPath(directory, name))
  } catch (error) {
    // A home that is a file, or links to itself, has none.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return []
    throw diskError(error, directory)
  }
}
