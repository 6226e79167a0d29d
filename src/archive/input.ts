import {corrupt} from './errors.ts'
import type {Meter} from './limits.ts'

interface Input {
  /**
   * The bytes for a decoder.
   * @param consumed how many it has used so far: it may stop before they do
   */
  bytes(consumed: () => number): AsyncGenerator<Uint8Array>
  /**
   * Reads on to the end, where nothing may be that the decoder did not use.
   * @param padding whether there may be zeros
   * @throws UserError ARCHIVE_CORRUPT
   */
  expectEnd(consumed: number, padding: boolean): Promise<void>
}

/** The bytes of an archive on their way into a decoder. */
export function createInput(archive: AsyncIterable<Uint8Array>, meter: Meter): Input {
  const iterator = archive[Symbol.asyncIterator]()
  /** Those that may not be used yet, each with where it begins. */
  let given: {start: number; bytes: Uint8Array}[] = []
  let total = 0
  const next = async () => {
    const {done, value} = await iterator.next()
    if (!done) meter.packed(value.length)
    return done ? undefined : value
  }
  return {
    async *bytes(consumed) {
      for (let bytes = await next(); bytes !== undefined; bytes = await next()) {
        const used = consumed()
        given = given.filter(one => one.start + one.bytes.length > used)
        given.push({start: total, bytes})
        total += bytes.length
        yield bytes
      }
    },
    async expectEnd(consumed, padding) {
      const check = (bytes: Uint8Array) => {
        if (padding ? bytes.some(byte => byte !== 0) : bytes.length > 0) {
          throw corrupt('something follows its end')
        }
      }
      for (const {start, bytes} of given) check(bytes.subarray(Math.max(0, consumed - start)))
      for (let bytes = await next(); bytes !== undefined; bytes = await next()) check(bytes)
    },
  }
}
