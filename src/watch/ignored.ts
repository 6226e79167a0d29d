import {readFileSync, statSync} from 'node:fs'
import {basename, dirname, join, relative, sep} from 'node:path'
import ignore, {type Ignore} from 'ignore'
import {ancestors} from '../base/ancestors.ts'

/** Which files of a project are nobody's inputs. */
export interface IgnoreRules {
  /** Paths are absolute and below the root; without `isDirectory` it is taken for a file. */
  ignores(path: string, isDirectory?: boolean): boolean
  /** A file of rules has changed. */
  reread(): void
}

/** What version managers, package managers and systems keep beside the sources. */
const never: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  'node_modules',
  '.DS_Store',
  'Thumbs.db',
])

/** What editors write while they save: vim, Emacs, Kate, JetBrains, GNOME, Sublime. */
const temporary =
  /^(?:4913|\.#.*|#.*#|.*~|\..*\.(?:sw[a-z]|kate-swp)|.*___jb_(?:tmp|old)___|\.goutputstream-.*|\.subl.*\.tmp)$/

/** Nobody writes that many rules. */
const maxRulesBytes = 1024 * 1024

/**
 * The rules of a project: what no editor and no person edits, and what its `.gitignore` files name, those above the root too
 * up to the repository's.
 * @param home `$TOOL_HOME`, which may lie below the root
 */
export function ignoreRules(root: string, home: string): IgnoreRules {
  const known = new Map<string, Ignore | undefined>()
  const rulesIn = (directory: string): Ignore | undefined => {
    if (!known.has(directory)) known.set(directory, readRules(directory))
    return known.get(directory)
  }
  let top = repositoryOf(root)
  const isIgnoredByGit = (path: string, isDirectory: boolean): boolean => {
    for (let directory = dirname(path); ; directory = dirname(directory)) {
      const rules = rulesIn(directory)
      const name = relative(directory, path).split(sep).join('/')
      const verdict = rules?.test(isDirectory ? `${name}/` : name)
      if (verdict?.ignored || verdict?.unignored) return verdict.ignored
      if (directory === top || directory === dirname(directory)) return false
    }
  }
  // Who works in a folder that the repository ignores still means what is in it.
  if (root !== top && isIgnoredByGit(root, true)) top = root
  return {
    ignores(path, isDirectory = false) {
      if (path === root) return false
      const name = basename(path)
      if (never.has(name) || temporary.test(name) || path === home) return true
      return isIgnoredByGit(path, isDirectory)
    },
    reread: () => known.clear(),
  }
}

/** The root of the repository that the project is in, else the project's own. */
function repositoryOf(root: string): string {
  return [...ancestors(root)].find(directory => exists(join(directory, '.git'))) ?? root
}

function exists(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false}) !== undefined
}

function readRules(directory: string): Ignore | undefined {
  const path = join(directory, '.gitignore')
  try {
    const found = statSync(path, {throwIfNoEntry: false})
    if (!found?.isFile() || found.size > maxRulesBytes) return undefined
    return ignore({ignorecase: false}).add(readFileSync(path, 'utf8'))
  } catch {
    // One that can't be read has no rules for us; git itself is content with that.
    return undefined
  }
}
