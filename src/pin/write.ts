import {rmSync, statSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'
import {diskErrorOutside, writeFileAtomic} from '../base/files.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {printPinFile} from './print.ts'
import type {PinFile} from './types.ts'

/**
 * Writes a pin file whole, or leaves the old one: through a symbolic link, with the mode that it has. A file that has
 * nothing left in it is removed.
 * @throws UserError PERMISSION_DENIED, READ_ONLY, DISK_FULL
 */
export function writePinFile(file: Pick<PinFile, 'path' | 'mark' | 'lines'>): void {
  const path = realPathIfAny(file.path) ?? file.path
  const text = printPinFile(file)
  try {
    if (text.trim() === '') rmSync(file.path, {force: true})
    else writeFileAtomic(path, text, modeOf(path))
  } catch (error) {
    throw diskErrorOutside(error, file.path)
  }
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode & 0o777
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0o644
    throw error
  }
}
