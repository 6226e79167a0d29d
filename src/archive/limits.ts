import {unsafe} from './errors.ts'

/** What one archive may unpack to. */
export interface Limits {
  /** Of the archive, and as many files, folders and links that these make. */
  entries: number
  bytes: number
  /** Unpacked bytes for each byte of the archive, once more than `ratioFrom` bytes were unpacked. */
  ratio: number
  ratioFrom: number
}

export const defaultLimits: Limits = {
  entries: 250_000,
  bytes: 16 * 1024 ** 3,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
}

export interface Meter {
  /** Counts bytes of the archive. */
  packed(bytes: number): void
  /** Counts bytes that came out of it. @throws UserError ARCHIVE_UNSAFE */
  unpacked(bytes: number): void
  /** Counts an entry. @throws UserError ARCHIVE_UNSAFE */
  entry(): void
  /** Counts a file, folder or link: one entry may lie in folders that none names. @throws UserError ARCHIVE_UNSAFE */
  node(): void
}

/** Measures an archive while it is unpacked: a small one must not fill the disk. */
export function createMeter(limits: Limits): Meter {
  let [input, output, entries, nodes] = [0, 0, 0, 0]
  return {
    packed(bytes) {
      input += bytes
    },
    unpacked(bytes) {
      output += bytes
      if (output > limits.bytes) throw unsafe(`it unpacks to more than ${limits.bytes} bytes`)
      if (output > limits.ratioFrom && output > limits.ratio * input) {
        throw unsafe(`it unpacks to more than ${limits.ratio} times its size`)
      }
    },
    entry() {
      entries += 1
      if (entries > limits.entries) throw unsafe(`it has more than ${limits.entries} entries`)
    },
    node() {
      nodes += 1
      if (nodes > limits.entries) throw unsafe(`it has more than ${limits.entries} files and folders`)
    },
  }
}
