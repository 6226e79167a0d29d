import {corrupt} from './errors.ts'

interface ZstdFrames {
  /** @throws UserError ARCHIVE_CORRUPT where no frame begins that should */
  push(chunk: Uint8Array): void
  /** @throws UserError ARCHIVE_CORRUPT in the middle of a frame */
  end(): void
}

type State = 'magic' | 'descriptor' | 'header' | 'skippable' | 'block' | 'content' | 'checksum'

/**
 * Follows the frames of a zstd stream (RFC 8878) from header to header, without decompressing them: whether the stream
 * is whole.
 */
export function zstdFrames(): ZstdFrames {
  /** Bytes of a header so far; what it needs; or bytes that are passed over. */
  let [value, bytes, needed, skip, frames] = [0, 0, 4, 0, 0]
  let state: State = 'magic'
  let [hasChecksum, isLast] = [false, false]

  const expect = (next: State, count: number) => {
    state = next
    value = 0
    bytes = 0
    needed = count
  }

  const pass = (next: State, count: number) => {
    expect(next, 0)
    skip = count
  }

  /** A header is complete, or what was to be passed over is. */
  const advance = () => {
    switch (state) {
      case 'magic':
        frames += 1
        if (value === 0xfd2fb528) return expect('descriptor', 1)
        if (value >= 0x184d2a50 && value <= 0x184d2a5f) return expect('skippable', 4)
        throw corrupt(frames === 1 ? 'it is not compressed by zstd' : 'something follows its end')
      case 'skippable':
        return pass('checksum', value)
      case 'descriptor': {
        const isSingle = (value & 0x20) !== 0
        hasChecksum = (value & 4) !== 0
        const dictionary = [0, 1, 2, 4][value & 3] ?? 0
        const size = [isSingle ? 1 : 0, 2, 4, 8][value >> 6] ?? 0
        return pass('header', (isSingle ? 0 : 1) + dictionary + size)
      }
      case 'header':
        return expect('block', 3)
      case 'block':
        isLast = (value & 1) === 1
        // One byte is repeated as often as the size says.
        return pass('content', ((value >> 1) & 3) === 1 ? 1 : value >> 3)
      case 'content':
        if (!isLast) return expect('block', 3)
        return pass('checksum', hasChecksum ? 4 : 0)
      case 'checksum':
        return expect('magic', 4)
    }
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (skip > 0) {
          const taken = Math.min(skip, chunk.length - at)
          skip -= taken
          at += taken
        } else {
          value += (chunk[at] ?? 0) * 256 ** bytes
          bytes += 1
          at += 1
        }
        while (skip === 0 && bytes === needed) advance()
      }
    },
    end() {
      if (state !== 'magic' || bytes > 0 || frames === 0) throw corrupt('it is cut short')
    },
  }
}
