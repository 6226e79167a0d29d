import {Header} from 'tar'
import {corrupt, unsafe} from './errors.ts'
import {checkGlobalPax, type PaxFields, readPax} from './pax.ts'

/** What a tar archive says of one entry, names as they stand there. */
export interface TarEntry {
  path: string
  linkpath: string
  type: Header['type']
  mode: number
}

/** Where the content of an entry goes. */
export interface EntrySink {
  write(chunk: Uint8Array): void
  close(): void
}

interface TarReader {
  /** @throws UserError ARCHIVE_CORRUPT, ARCHIVE_UNSAFE; what `onEntry` and its sinks throw */
  write(chunk: Buffer): void
  /** @throws UserError ARCHIVE_CORRUPT if the archive is not whole */
  end(): void
}

const blockSize = 512
const maxMetaSize = 1024 * 1024
/** Whatever size they claim, nothing follows them. */
const withoutContent = new Set([
  'Link',
  'SymbolicLink',
  'CharacterDevice',
  'BlockDevice',
  'Directory',
  'FIFO',
])
const longNames: Readonly<Record<string, 'path' | 'linkpath'>> = {
  NextFileHasLongPath: 'path',
  OldGnuLongPath: 'path',
  NextFileHasLongLinkpath: 'linkpath',
}

/**
 * Reads a tar archive as it arrives, in pieces of any size. Every doubt is an error. The library does the same, but takes
 * sizes, PAX records and what follows the end on trust.
 * @param onEntry told of each entry; gives where its content goes, undefined to pass over it
 */
export function createTarReader(onEntry: (entry: TarEntry) => EntrySink | undefined): TarReader {
  const header = Buffer.alloc(blockSize)
  let filled = 0
  /** Of the entry that is being read: bytes of content, then of padding, that are still to come. */
  let [content, padding] = [0, 0]
  let sink: EntrySink | undefined
  /** What the headers before an entry say of it. */
  let ahead: PaxFields | undefined
  let [entries, emptyBlocks] = [0, 0]

  const begin = (size: number, into: EntrySink | undefined) => {
    sink = into
    content = size
    padding = (blockSize - (size % blockSize)) % blockSize
    if (size === 0) finish()
  }

  const finish = () => {
    sink?.close()
    sink = undefined
  }

  const readHeader = (block: Buffer) => {
    if (isZero(block)) {
      emptyBlocks += 1
      return
    }
    if (emptyBlocks > 0) throw corrupt('an empty block between its entries')
    const found = parse(block, ahead)
    if (!found.cksumValid) {
      throw corrupt(entries === 0 ? 'it is no tar archive' : 'a header whose checksum is wrong')
    }
    entries += 1
    const {type} = found
    if (isMeta(type)) {
      const size = sizeOf(found)
      if (size > maxMetaSize) throw unsafe('a header that is too long')
      return begin(
        size,
        gather(size, body => readMeta(type, body)),
      )
    }
    const {path = '', linkpath = '', mode = 0} = {...found, ...ahead}
    if (path === '') throw corrupt('an entry without a name')
    const size = withoutContent.has(type) ? 0 : (ahead?.size ?? sizeOf(found))
    ahead = undefined
    begin(size, onEntry({path, linkpath, type, mode}))
  }

  const readMeta = (type: TarEntry['type'], body: Buffer) => {
    if (type === 'GlobalExtendedHeader') return checkGlobalPax(body)
    const name = longNames[type]
    ahead = {...ahead, ...(name ? {[name]: untilNul(body)} : readPax(body))}
  }

  /** Takes what it can use of the bytes from `at` on, and returns how many these were. */
  const step = (chunk: Buffer, at: number): number => {
    const left = chunk.length - at
    if (content > 0) {
      const taken = Math.min(content, left)
      sink?.write(chunk.subarray(at, at + taken))
      content -= taken
      if (content === 0) finish()
      return taken
    }
    if (padding > 0) {
      const taken = Math.min(padding, left)
      padding -= taken
      return taken
    }
    if (emptyBlocks >= 2) {
      if (!isZero(chunk.subarray(at))) throw corrupt('something follows its end')
      return left
    }
    const taken = Math.min(blockSize - filled, left)
    chunk.copy(header, filled, at, at + taken)
    filled += taken
    if (filled === blockSize) {
      filled = 0
      readHeader(header)
    }
    return taken
  }

  return {
    write(chunk) {
      for (let at = 0; at < chunk.length; ) at += step(chunk, at)
    },
    end() {
      if (content > 0) throw corrupt('it ends in the middle of a file')
      if (padding > 0 || filled > 0) throw corrupt('it ends in the middle of a block')
      if (ahead !== undefined) throw corrupt('it ends where an entry should follow')
      if (entries === 0) throw corrupt('it holds nothing')
    },
  }
}

/** With the name that is ahead: one that ends in a slash makes a folder of a file, and the name in the block may be cut there. */
function parse(block: Buffer, ahead: PaxFields | undefined): Header {
  try {
    return new Header(block, 0, ahead)
  } catch (error) {
    throw corrupt('a header that can not be read', error)
  }
}

function sizeOf({size}: Header): number {
  if (size === undefined) throw corrupt('an entry with a size that is none')
  return size
}

function isMeta(type: TarEntry['type']): boolean {
  return /ExtendedHeader$/.test(type) || Object.hasOwn(longNames, type)
}

function gather(size: number, then: (body: Buffer) => void): EntrySink {
  const body = Buffer.alloc(size)
  let filled = 0
  return {
    write(chunk) {
      body.set(chunk, filled)
      filled += chunk.length
    },
    close: () => then(body),
  }
}

function untilNul(body: Buffer): string {
  const end = body.indexOf(0)
  if (end !== -1 && !isZero(body.subarray(end))) throw unsafe('a name with NUL')
  return body.toString('utf8', 0, end === -1 ? body.length : end)
}

function isZero(bytes: Buffer): boolean {
  return bytes.every(byte => byte === 0)
}
