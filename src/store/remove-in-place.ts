import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {errnoOf} from '../base/errors.ts'

/** Whether a folder can't be moved as it is: it is a disk of its own, or in a lower layer of a container's file system. */
export function isUnmovable(error: unknown): boolean {
  // On Windows a program that runs from it says so, too; to remove the rest would leave half a version.
  return errnoOf(error) === 'EXDEV' || (errnoOf(error) === 'EBUSY' && process.platform !== 'win32')
}

/** Removes a version that can't be moved away first: without its programs it counts no more, whatever happens to the rest. */
export function removeInPlace(directory: string): void {
  rmSync(join(directory, 'bin'), {recursive: true, force: true})
  rmSync(directory, {recursive: true, force: true, maxRetries: 3})
}
