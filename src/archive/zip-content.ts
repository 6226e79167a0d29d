import {createReadStream, readSync} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import {crc32, createInflateRaw, inflateRawSync} from 'node:zlib'
import type {Entry} from 'yauzl'
import {corrupt} from './errors.ts'
import type {Meter} from './limits.ts'
import {type Sink, writableOf} from './writable.ts'

const chunkSize = 128 * 1024
/** Up to here a stream costs more than what it carries. */
const small = {packed: 256 * 1024, unpacked: 1024 * 1024}

/** A zip file that is open for reading. */
interface OpenFile {
  path: string
  fd: number
  signal: AbortSignal | undefined
}

/**
 * Writes the content of an entry, decompressed, and checks it against what the table says of it.
 * @param at where the content begins in the file
 * @throws UserError ARCHIVE_CORRUPT, ARCHIVE_UNSAFE; errors of the decompression and of the disk as they come
 */
export async function copyContent(
  {path, fd, signal}: OpenFile,
  at: number,
  entry: Entry,
  meter: Meter,
  write: (chunk: Buffer) => void,
): Promise<void> {
  const {compressedSize, uncompressedSize, compressionMethod} = entry
  const isDeflated = compressionMethod === 8
  const sink = checked(entry, meter, write)
  // A range of a file can't be empty.
  if (compressedSize === 0 && uncompressedSize > 0) return sink.end()
  if (compressedSize <= small.packed && uncompressedSize <= small.unpacked) {
    const packed = Buffer.alloc(compressedSize)
    if (readSync(fd, packed, 0, compressedSize, at) < compressedSize) throw corrupt('it is cut short')
    // One byte more than there should be tells enough.
    sink.write(isDeflated ? inflateRawSync(packed, {maxOutputLength: uncompressedSize + 1}) : packed)
    return sink.end()
  }
  const range = {start: at, end: at + compressedSize - 1, highWaterMark: chunkSize}
  const inflate = isDeflated ? [createInflateRaw({chunkSize})] : []
  await pipeline([createReadStream(path, range), ...inflate, writableOf(sink)], {...(signal && {signal})})
}

function checked(
  {uncompressedSize, crc32: expected, fileNameRaw}: Entry,
  meter: Meter,
  write: Sink['write'],
): Sink {
  let [size, sum] = [0, 0]
  const name = () => JSON.stringify(fileNameRaw.toString('utf8'))
  return {
    write(chunk) {
      meter.unpacked(chunk.length)
      size += chunk.length
      if (size > uncompressedSize) throw corrupt(`${name()} is larger than it says`)
      sum = crc32(chunk, sum)
      write(chunk)
    },
    end() {
      if (size < uncompressedSize) throw corrupt(`${name()} is smaller than it says`)
      if (sum !== expected) throw corrupt(`the checksum of ${name()} is wrong`)
    },
  }
}
