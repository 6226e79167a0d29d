import type {Readable} from 'node:stream'
import {crc32} from 'node:zlib'
import {type Entry, getFileNameLowLevel, openPromise, type ZipFile} from 'yauzl'
import {errnoOf, UserError} from '../base/errors.ts'
import {entryPath} from './entry-path.ts'
import {corrupt, unsafe} from './errors.ts'
import type {Meter} from './limits.ts'
import type {Tree} from './tree.ts'
import {kindOf, listEntries} from './zip-entries.ts'

const maxLinkSize = 4096

/**
 * Unpacks a zip file into a tree.
 * @throws UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the disk as they come
 */
export async function unzip(file: string, tree: Tree, meter: Meter, strip: number): Promise<void> {
  // Names as bytes: whether one is safe is told in the words of all formats.
  const options = {lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true}
  const zip = await asCorrupt(openPromise(file, options))
  try {
    let end = 0
    for (const entry of await asCorrupt(listEntries(zip, meter))) {
      // Else a few bytes could be the content of thousands of files.
      if (entry.relativeOffsetOfLocalHeader < end) throw unsafe('entries that overlap')
      end = await checkLocalHeader(zip, entry)
      await place(zip, entry, tree, meter, strip)
    }
  } finally {
    zip.close()
  }
}

async function place(zip: ZipFile, entry: Entry, tree: Tree, meter: Meter, strip: number): Promise<void> {
  const name = nameOf(entry)
  const path = entryPath(name, strip)
  const {kind, executable} = kindOf(entry, name)
  if (path === undefined) return
  if (kind === 'directory') return tree.directory(path)
  if (kind === 'symlink') return tree.symlink(path, await linkTarget(zip, entry, meter))
  const file = tree.file(path, executable)
  for await (const chunk of contentOf(zip, entry, meter)) file.write(chunk)
  file.close()
}

function nameOf({generalPurposeBitFlag, fileNameRaw, extraFields}: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

/**
 * What stands before the content has to agree with the table at the end, which others may not look at.
 * @returns where the content ends
 */
async function checkLocalHeader(zip: ZipFile, entry: Entry): Promise<number> {
  const local = await asCorrupt(zip.readLocalFileHeaderPromise(entry, {}))
  const {fileName, compressionMethod, fileDataStart} = local
  if (!fileName.equals(entry.fileNameRaw) || compressionMethod !== entry.compressionMethod) {
    throw unsafe(`an entry that is two things at once: ${JSON.stringify(nameOf(entry))}`)
  }
  return fileDataStart + entry.compressedSize
}

async function linkTarget(zip: ZipFile, entry: Entry, meter: Meter): Promise<string> {
  if (entry.uncompressedSize > maxLinkSize) throw unsafe('a link to a name that is too long')
  const chunks: Buffer[] = []
  for await (const chunk of contentOf(zip, entry, meter)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function* contentOf(zip: ZipFile, entry: Entry, meter: Meter): AsyncGenerator<Buffer> {
  const stream: Readable = await asCorrupt(zip.openReadStreamPromise(entry))
  const chunks = stream[Symbol.asyncIterator]()
  let sum = 0
  try {
    for (let next = await asCorrupt(chunks.next()); !next.done; next = await asCorrupt(chunks.next())) {
      meter.unpacked(next.value.length)
      sum = crc32(next.value, sum)
      yield next.value
    }
  } finally {
    stream.destroy()
  }
  if (sum !== entry.crc32) throw corrupt(`the checksum of ${JSON.stringify(nameOf(entry))} is wrong`)
}

/** What the library and the decompression complain of is the archive's fault, unless it is the disk's. */
async function asCorrupt<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const errno = errnoOf(error)
    if (error instanceof UserError || (errno !== undefined && !errno.startsWith('Z_'))) throw error
    throw corrupt(error instanceof Error ? error.message : String(error), error)
  }
}
