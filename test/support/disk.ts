import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'

/** Bytes of all files below a folder. */
export function writtenBelow(directory: string): number {
  return readdirSync(directory, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0)
}
