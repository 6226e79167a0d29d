import type {Writable} from 'node:stream'
import {entryPath} from './entry-path.ts'
import {unsafe} from './errors.ts'
import type {Meter} from './limits.ts'
import {createTarReader, type EntrySink, type TarEntry} from './tar-reader.ts'
import type {Tree} from './tree.ts'
import {writableOf} from './writable.ts'

/** Reads a tar stream and builds the tree that it describes. Fails with UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT, or an error of the disk. */
export function tarWriter(tree: Tree, meter: Meter, strip: number): Writable {
  const reader = createTarReader(entry => {
    meter.entry()
    return place(entry, tree, strip)
  })
  return writableOf({
    write(chunk) {
      meter.unpacked(chunk.length)
      reader.write(chunk)
    },
    end: reader.end,
  })
}

function place(entry: TarEntry, tree: Tree, strip: number): EntrySink | undefined {
  const path = entryPath(entry.path, strip)
  const kind = kindOf(entry)
  // Nothing is left of the folders that are stripped.
  if (path === undefined) return undefined
  if (kind === 'file') return tree.file(path, isExecutable(entry))
  if (kind === 'directory') tree.directory(path)
  if (kind === 'symlink') tree.symlink(path, entry.linkpath)
  if (kind === 'link') tree.hardLink(path, entryPath(entry.linkpath, strip) ?? [])
  return undefined
}

function kindOf({type, path}: TarEntry): 'file' | 'directory' | 'symlink' | 'link' {
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
function isExecutable({mode}: TarEntry): boolean {
  return (mode & 0o111) !== 0
}
