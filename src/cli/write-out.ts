import {writeSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'
import {endWithPipe, outputFailed} from './end-with-pipe.ts'

/**
 * Writes to stdout at once. Node's own stream takes milliseconds to load, and leaves a pipe non-blocking for the program
 * that `exec` becomes; it is asked only where a pipe of that kind is full.
 * @returns whether everything is written; if not, Node's stream writes the rest while the process lives
 */
export function writeOut(text: string): boolean {
  const rest = writeNow(1, text)
  if (rest === undefined) return true
  endWithPipe()
  process.stdout.write(rest)
  return false
}

/** Writes notes to stderr, in their order and as `writeOut` does. */
export function stderrWriter(): (text: string) => void {
  let isFull = false
  return text => {
    // What is behind something that waits must wait too.
    const rest = isFull ? text : writeNow(2, text)
    if (rest === undefined) return
    isFull = true
    endWithPipe()
    process.stderr.write(rest)
  }
}

/** What a full pipe did not take; undefined where all is written. */
function writeNow(file: number, text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written)
    return undefined
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') outputFailed(error)
    return bytes.subarray(written)
  }
}
