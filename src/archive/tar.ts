import {Writable} from 'node:stream'
import {Parser, type ReadEntry} from 'tar'
import {entryPath} from './entry-path.ts'
import {corrupt, unsafe} from './errors.ts'
import type {Meter} from './limits.ts'
import type {Tree, TreeFile} from './tree.ts'

const blockSize = 512

/** Reads a tar stream and builds the tree that it describes. Fails with UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT, or an error of the disk. */
export function tarWriter(tree: Tree, meter: Meter, strip: number): Writable {
  const parser = createParser(entry => placeEntry(entry, tree, meter, strip))
  let first = true
  let length = 0
  let ended = false
  parser.on('eof', () => {
    ended = true
  })
  const writable = new Writable({
    highWaterMark: 1024 * 1024,
    write(chunk: Buffer, _encoding, done) {
      // Later, so that the decompression of the next chunk is under way while this one is written.
      setImmediate(() => {
        attempt(done, () => {
          if (writable.destroyed) return
          meter.unpacked(chunk.length)
          if (first) refuseNested(chunk)
          first = false
          length += chunk.length
          parser.write(chunk)
        })
      })
    },
    final: done =>
      attempt(done, () => {
        parser.end()
        if (!ended && length % blockSize !== 0) throw corrupt('it ends in the middle of a header')
      }),
  })
  return writable
}

function attempt(done: (error?: Error) => void, work: () => void): void {
  try {
    work()
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}

/** A parser for which every doubt is an error. */
function createParser(onEntry: (entry: ReadEntry) => void): Parser {
  const parser = new Parser({
    onReadEntry: onEntry,
    onwarn(_code, message) {
      throw corrupt(String(message))
    },
  })
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    throw entry.meta
      ? unsafe('a header that is too long')
      : unsafe(`an entry of the unknown kind ${entry.type}`)
  })
  parser.on('meta', (text: string) => {
    // The parser would cut the name there.
    if (/^\d+ (?:link)?path=.*\0/m.test(text)) throw unsafe('a name with NUL')
  })
  return parser
}

/** The parser would decompress by itself, outside of the limits. */
function refuseNested(chunk: Buffer): void {
  const magic = chunk.subarray(0, 4).toString('hex')
  if (magic.startsWith('1f8b') || magic === '28b52ffd') throw corrupt('it is compressed twice')
}

function placeEntry(entry: ReadEntry, tree: Tree, meter: Meter, strip: number): void {
  meter.entry()
  const path = entryPath(entry.path, strip)
  const kind = kindOf(entry)
  // Nothing is left of the folders that are stripped.
  if (path !== undefined) {
    if (kind === 'directory') tree.directory(path)
    if (kind === 'symlink') tree.symlink(path, entry.linkpath ?? '')
    if (kind === 'link') tree.hardLink(path, entryPath(entry.linkpath ?? '', strip) ?? [])
    if (kind === 'file') copy(entry, tree.file(path, isExecutable(entry)))
  }
  entry.resume()
}

function kindOf({type, path}: ReadEntry): 'file' | 'directory' | 'symlink' | 'link' {
  switch (type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      // In old archives a folder is a file whose name ends in a slash.
      return path.endsWith('/') ? 'directory' : 'file'
    case 'Directory':
      return 'directory'
    case 'SymbolicLink':
      return 'symlink'
    case 'Link':
      return 'link'
    default:
      throw unsafe(`an entry that is no file, folder or link but ${type}: ${JSON.stringify(path)}`)
  }
}

/** All that is kept of a mode; setuid and the like never come through. */
function isExecutable({mode = 0}: ReadEntry): boolean {
  return (mode & 0o111) !== 0
}

function copy(entry: ReadEntry, file: TreeFile): void {
  entry.on('data', (chunk: Buffer) => file.write(chunk))
  entry.on('end', () => file.close())
}
