import {closeSync, linkSync, mkdirSync, openSync, symlinkSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {spelling} from './entry-path.ts'
import {unsafe} from './errors.ts'
import type {Meter} from './limits.ts'
import {createLinkCheck} from './links.ts'

interface TreeFile {
  write(chunk: Uint8Array): void
  close(): void
}

/** Builds a tree of files below one folder, and never touches anything outside it. */
export interface Tree {
  directory(path: readonly string[]): void
  file(path: readonly string[], executable: boolean): TreeFile
  /** A second name of a file that was written before. */
  hardLink(path: readonly string[], target: readonly string[]): void
  symlink(path: readonly string[], target: string): void
  /** Makes the symbolic links: last, so that nothing was ever written through one. */
  finish(): TreeSummary
  /** Closes the files that a failed archive left open. */
  close(): void
}

export interface TreeSummary {
  /** Regular files, relative to the root, `/` between the steps. */
  files: readonly string[]
  /** Folders, the root as the empty string first, parents before children. */
  directories: readonly string[]
}

type Node = {kind: 'directory'} | {kind: 'file'} | {kind: 'symlink'; target: string}

/** @throws (its methods) UserError ARCHIVE_UNSAFE; errors of the disk as they come */
export function createTree(root: string, meter: Meter): Tree {
  const nodes = new Map<string, Node>([['', {kind: 'directory'}]])
  /** What each name is on a disk that ignores case and the like: two names there must not meet. */
  const spelled = new Map<string, string>()
  const open = new Set<number>()
  const close = (fd: number) => {
    if (open.delete(fd)) closeSync(fd)
  }

  const add = (path: readonly string[], node: Node): string => {
    parent(path.slice(0, -1))
    const name = path.join('/')
    if (nodes.has(name)) throw unsafe(`two entries with one name: ${JSON.stringify(name)}`)
    const spelt = spelling(name)
    const other = spelled.get(spelt)
    if (other !== undefined) {
      throw unsafe(`two entries that differ only in case: ${JSON.stringify(other)}, ${JSON.stringify(name)}`)
    }
    meter.node()
    spelled.set(spelt, name)
    nodes.set(name, node)
    return join(root, ...path)
  }

  const parent = (path: readonly string[]): void => {
    const name = path.join('/')
    const node = nodes.get(name)
    if (node === undefined) mkdirSync(add(path, {kind: 'directory'}), 0o755)
    else if (node.kind !== 'directory') throw unsafe(`an entry below a ${node.kind}: ${JSON.stringify(name)}`)
  }

  return {
    directory: parent,
    file(path, executable) {
      // `wx`: the name is new, so whatever stands there was not made by this tree.
      const fd = openSync(add(path, {kind: 'file'}), 'wx', executable ? 0o755 : 0o644)
      open.add(fd)
      return {
        write(chunk) {
          for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written)
        },
        close: () => close(fd),
      }
    },
    hardLink(path, target) {
      const name = target.join('/')
      if (nodes.get(name)?.kind !== 'file') {
        throw unsafe(`a hard link to what is no earlier file: ${JSON.stringify(name)}`)
      }
      linkSync(join(root, ...target), add(path, {kind: 'file'}))
    },
    symlink(path, target) {
      add(path, {kind: 'symlink', target})
    },
    finish() {
      const at = (name: string) => {
        const node = nodes.get(name)
        return node?.kind === 'symlink' ? node.target : undefined
      }
      const check = createLinkCheck(at)
      for (const [name, node] of nodes) if (node.kind === 'symlink') check(name, node.target)
      for (const [name, node] of nodes)
        if (node.kind === 'symlink') symlinkSync(node.target, join(root, name))
      const names = (kind: Node['kind']) =>
        [...nodes].filter(([, node]) => node.kind === kind).map(([name]) => name)
      return {files: names('file'), directories: names('directory')}
    },
    close: () => open.forEach(close),
  }
}
