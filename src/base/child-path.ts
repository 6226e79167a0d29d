import {sep} from 'node:path'

/**
 * The path of a name in a folder whose own path is absolute and in normal form: what `join` says, without reading every
 * letter again, which commands that are called all day would do a hundred times.
 */
export function childPath(directory: string, name: string): string {
  return directory.endsWith(sep) ? directory + name : directory + sep + name
}
