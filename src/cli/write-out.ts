import {writeSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'
import {endWithPipe, outputFailed} from './end-with-pipe.ts'

/**
 * Writes to stdout at once. Node's own stream takes milliseconds to load, and leaves a pipe non-blocking for the program
 * that `exec` becomes; it is asked only where a pipe of that kind is full.
 */
export function writeOut(text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written)
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') outputFailed(error)
    endWithPipe()
    process.stdout.write(bytes.subarray(written))
  }
}
