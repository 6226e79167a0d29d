import type {Context} from '../../base/context.ts'
import {shortPath} from '../../base/origin.ts'
import type {LockChange, LockedFile} from '../../install/lock-folder.ts'
import {columns} from './columns.ts'

/** A line an entry, with what became of it, below the name of its file. */
export function renderLocked(files: readonly LockedFile[], {cwd}: Pick<Context, 'cwd'>): string {
  return files
    .map(({path, written, entries}) => {
      const title = `${shortPath(path, cwd)}: ${written ? 'written' : 'up to date'}\n`
      return (
        title + columns(entries.map(entry => ['', entry.toolchain, entry.spec, version(entry), note(entry)]))
      )
    })
    .join('')
}

function version({version: now, previous}: LockChange): string {
  return previous === undefined ? now : `${previous} → ${now}`
}

function note({change, platforms}: LockChange): string {
  if (change === 'kept' || change === 'removed') return change
  const [first] = platforms
  const many =
    platforms.length > 1 ? `${platforms.length} platforms` : first === 'any' ? 'any platform' : first
  return `${change}, for ${many}`
}
