import {ReadableStream} from 'node:stream/web'
import xz from 'xz-decompress'
import {corrupt, unsafe} from './errors.ts'

/**
 * Decompresses the xz format, several streams in a row and padding between them included. A dictionary of at most 64 MiB
 * (`xz -9`) is allowed.
 * @throws UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the input as they come
 */
export async function* unxz(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let broken: {error: unknown} | undefined
  async function* input() {
    try {
      yield* bytes
    } catch (error) {
      broken = {error}
      throw error
    }
  }
  const output = new xz.XzReadableStream(ReadableStream.from(input()) as never).getReader()
  const read = async () => {
    try {
      return await output.read()
    } catch (error) {
      throw broken === undefined ? inWords(error) : broken.error
    }
  }
  try {
    for (let next = await read(); !next.done; next = await read()) yield next.value
  } finally {
    // The decoder takes the next stream only when this one is finished.
    await output.cancel().catch(() => undefined)
  }
}

/** The library gives the decoder's number in its message, and nowhere else. */
function inWords(error: unknown): unknown {
  const [, code] = /error code (\d+)$/.exec(String(error)) ?? []
  switch (code) {
    case '3':
    case '4':
      return unsafe('unpacking it takes more memory than 64 MiB')
    case '5':
      return corrupt('it is not compressed by xz, or something follows its end', error)
    case '6':
      return unsafe('it is compressed by xz with a filter or a check that is not supported')
    default:
      return corrupt('it can not be decompressed by xz, is cut short, or something follows its end', error)
  }
}
