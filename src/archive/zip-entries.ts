import type {Entry, ZipFile} from 'yauzl'
import {unsafe} from './errors.ts'
import type {Meter} from './limits.ts'

/** The tables of the largest toolchains are a few megabytes. */
const maxTableSize = 64 * 1024 * 1024

const fileType = {mask: 0o170000, directory: 0o040000, file: 0o100000, symlink: 0o120000}
/** Those who made the entry, by their number, that keep the mode of a file: Unix, macOS. */
const keepModes = [3, 19]

/**
 * The entries of a zip file, in the order of their contents, none of them of a kind that is not unpacked.
 * @throws UserError ARCHIVE_UNSAFE; what the library complains of, as it comes
 */
export async function listEntries(zip: ZipFile, meter: Meter): Promise<Entry[]> {
  const entries: Entry[] = []
  let size = 0
  for await (const entry of zip.eachEntry()) {
    meter.entry()
    size += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
    if (size > maxTableSize) throw unsafe('a table of entries that is too long')
    check(entry)
    entries.push(entry)
  }
  return entries.sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
}

function check(entry: Entry): void {
  if (entry.isEncrypted()) throw unsafe('an entry that is encrypted')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw unsafe(`an entry that is compressed in a way that is not supported (${entry.compressionMethod})`)
  }
}

/** What an entry is, and whether it may be run: all that is kept of its mode. */
export function kindOf(
  {versionMadeBy, externalFileAttributes}: Entry,
  name: string,
): {kind: 'file' | 'directory' | 'symlink'; executable: boolean} {
  const mode = keepModes.includes(versionMadeBy >>> 8) ? externalFileAttributes >>> 16 : 0
  const executable = (mode & 0o111) !== 0
  const type = mode & fileType.mask
  if (type === fileType.symlink) return {kind: 'symlink', executable}
  if (type === fileType.directory || name.endsWith('/')) return {kind: 'directory', executable}
  if (type !== 0 && type !== fileType.file) {
    throw unsafe(`an entry that is no file, folder or link: ${JSON.stringify(name)}`)
  }
  return {kind: 'file', executable}
}
