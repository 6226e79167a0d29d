import {fstatSync, ftruncateSync, readSync, writeSync} from 'node:fs'

/**
 * Adds to a file that a process got for what it has to say, and keeps it small: of one that has grown over `maxSize`
 * bytes the last half is left. A disk that takes nothing more is no reason to end.
 * @param descriptor open for reading and appending; else nothing is taken away
 */
export function appendBounded(descriptor: number, text: string, maxSize: number): void {
  try {
    writeSync(descriptor, text)
    if (fstatSync(descriptor).size > maxSize) keepLast(descriptor, Math.floor(maxSize / 2))
  } catch {
    // There is nobody else to tell.
  }
}

function keepLast(descriptor: number, length: number): void {
  const {size} = fstatSync(descriptor)
  const bytes = Buffer.alloc(length)
  const read = readSync(descriptor, bytes, 0, length, Math.max(0, size - length))
  const firstWhole = bytes.indexOf('\n') + 1
  ftruncateSync(descriptor, 0)
  writeSync(descriptor, bytes, firstWhole, read - firstWhole)
}
