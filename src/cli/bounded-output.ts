import type {Writable} from 'node:stream'

/** So much may wait for who reads our output. */
const most = 2 * 1024 * 1024

/**
 * Writes whole lines, one or more at a time, to a stream. What its reader does not take waits, but no more than a few megabytes of it: the lines beyond
 * are left out, and `noteOf` says how many, once there is room again.
 */
export function boundedOutput(
  stream: Writable,
  noteOf: (lost: number) => string,
  max = most,
): (line: string) => void {
  let lost = 0
  let awaitsRoom = false
  const tell = () => {
    if (lost > 0) stream.write(noteOf(lost))
    lost = 0
  }
  const onRoom = () => {
    awaitsRoom = false
    tell()
  }
  return line => {
    // Not at once again, or every other line would be a note.
    if (stream.writableLength > (lost > 0 ? max / 2 : max)) {
      lost += line.split('\n').length - 1
      // It may have been the last one.
      if (!awaitsRoom) stream.once('drain', onRoom)
      awaitsRoom = true
      return
    }
    tell()
    stream.write(line)
  }
}
