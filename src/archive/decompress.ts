import type {Transform} from 'node:stream'
import {constants, createBrotliDecompress, createGunzip, createZstdDecompress} from 'node:zlib'
import type {Compression} from './format.ts'
import {zstdFrames} from './zstd-frames.ts'

type Stage = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** One way to decompress a stream, as part of a pipeline. */
export interface Decompression {
  stages: readonly (Stage | Transform)[]
  /** Bytes that it has used; infinite where it looks at the end of the input itself. */
  consumed(): number
  /** Whether zeros may follow the compressed bytes. */
  padding: boolean
}

const chunkSize = 256 * 1024

/** The window that the zstd program itself takes without being asked, in powers of two. */
const zstdWindow = 27

/**
 * Its stages fail with UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT, or an error of `node:zlib`.
 * @param compression undefined: there is nothing to do
 */
export async function decompression(compression: Compression | undefined): Promise<Decompression> {
  switch (compression) {
    case undefined:
      return {stages: [], consumed: () => Number.POSITIVE_INFINITY, padding: false}
    case 'gz':
      // Tapes are filled up with zeros.
      return {...through(createGunzip({chunkSize})), padding: true}
    case 'br':
      return through(createBrotliDecompress({chunkSize}))
    case 'zst': {
      const params = {[constants.ZSTD_d_windowLogMax]: zstdWindow}
      const {stages, ...rest} = through(createZstdDecompress({chunkSize, params}))
      return {stages: [checkedFrames, ...stages], ...rest}
    }
    case 'xz': {
      const {unxz} = await import('./xz.ts')
      return {stages: [unxz], consumed: () => Number.POSITIVE_INFINITY, padding: false}
    }
  }
}

function through(transform: Transform & {bytesWritten: number}): Decompression {
  return {stages: [transform], consumed: () => transform.bytesWritten, padding: false}
}

/** Not every Node that is supported notices where a zstd stream is cut short. */
async function* checkedFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = zstdFrames()
  for await (const chunk of bytes) {
    frames.push(chunk)
    yield chunk
  }
  frames.end()
}
