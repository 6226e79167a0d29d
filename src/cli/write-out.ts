import {writeSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'
import {endWithPipe, outputFailed} from './end-with-pipe.ts'

/**
 * Writes to stdout at once. Node's own stream takes milliseconds to load, and leaves a pipe non-blocking for the program
 * that `exec` becomes; it is asked only where a pipe of that kind is full.
 * @returns whether everything is written; if not, Node's stream writes the rest while the process lives
 */
export function writeOut(text: string): boolean {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written)
    return true
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') outputFailed(error)
    endWithPipe()
    process.stdout.write(bytes.subarray(written))
    return false
  }
}
