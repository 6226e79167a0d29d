import {closeSync, openSync} from 'node:fs'
import {type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile} from 'yauzl'
import {errnoOf, UserError} from '../base/errors.ts'
import {entryPath} from './entry-path.ts'
import {corrupt, unsafe} from './errors.ts'
import type {Meter} from './limits.ts'
import type {Tree} from './tree.ts'
import {copyContent} from './zip-content.ts'
import {kindOf, listEntries} from './zip-entries.ts'

const maxLinkSize = 4096

interface UnzipOptions {
  tree: Tree
  meter: Meter
  strip: number
  signal: AbortSignal | undefined
}

/**
 * Unpacks a zip file into a tree.
 * @throws UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the disk as they come; the reason of the signal
 */
export async function unzip(path: string, {tree, meter, strip, signal}: UnzipOptions): Promise<void> {
  const fd = openSync(path, 'r')
  try {
    // Names as bytes: whether one is safe is told in the words of all formats.
    const options = {lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true}
    const zip = await asCorrupt(fromFdPromise(fd, options))
    let end = 0
    for (const entry of await asCorrupt(listEntries(zip, meter))) {
      signal?.throwIfAborted()
      // Else a few bytes could be the content of thousands of files.
      if (entry.relativeOffsetOfLocalHeader < end) throw unsafe('entries that overlap')
      const start = await contentStart(zip, entry)
      end = start + entry.compressedSize
      const copy = (write: (chunk: Buffer) => void) =>
        copyContent({path, fd, signal}, start, entry, meter, write)
      await place(entry, tree, strip, copy)
    }
  } finally {
    closeSync(fd)
  }
}

async function place(
  entry: Entry,
  tree: Tree,
  strip: number,
  copy: (write: (chunk: Buffer) => void) => Promise<void>,
): Promise<void> {
  const name = nameOf(entry)
  const path = entryPath(name, strip)
  const {kind, executable} = kindOf(entry, name)
  if (path === undefined) return
  if (kind === 'directory') return tree.directory(path)
  if (kind === 'symlink') {
    if (entry.uncompressedSize > maxLinkSize) throw unsafe('a link to a name that is too long')
    const chunks: Buffer[] = []
    await copy(chunk => chunks.push(chunk))
    return tree.symlink(path, Buffer.concat(chunks).toString('utf8'))
  }
  const file = tree.file(path, executable)
  await copy(file.write)
  file.close()
}

function nameOf({generalPurposeBitFlag, fileNameRaw, extraFields}: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

/** What stands before the content has to agree with the table at the end, which others may not look at. */
async function contentStart(zip: ZipFile, entry: Entry): Promise<number> {
  const local = await asCorrupt(zip.readLocalFileHeaderPromise(entry, {}))
  const {fileName, compressionMethod, fileDataStart} = local
  if (!fileName.equals(entry.fileNameRaw) || compressionMethod !== entry.compressionMethod) {
    throw unsafe(`an entry that is two things at once: ${JSON.stringify(nameOf(entry))}`)
  }
  return fileDataStart
}

/** What the library complains of is the archive's fault, unless it is the disk's. */
async function asCorrupt<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof UserError || errnoOf(error) !== undefined) throw error
    throw corrupt(error instanceof Error ? error.message : String(error), error)
  }
}
