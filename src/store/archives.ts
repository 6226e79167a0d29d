import {lstatSync, rmSync, statSync, utimesSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {strongestDigest} from '../base/integrity.ts'
import {namesIn} from '../base/names-in.ts'
import {createDraft, type Draft} from './archive-draft.ts'
import {quietly} from './archive-folder.ts'
import {isAbandoned, labelOf} from './owned-name.ts'

/** Archives by digest, whole ones and those whose download broke off. What goes wrong here costs time only. */
export interface ArchiveCache {
  /** The path of a whole one; its bytes are still to be checked. */
  whole(): string | undefined
  /** A damaged one is as good as none. */
  drop(): void
  /** A place for one that arrives, with what an earlier process left of it. */
  draft(): Draft
}

/** Ms after which what nobody used goes. */
const forgotten = 30 * 24 * 60 * 60_000
/** Ms after which what was left half is not taken up again. */
const abandoned = 7 * 24 * 60 * 60_000

/** The cache for one archive; undefined where its digest names no file. */
export function archiveCache(context: Context, integrity: string): ArchiveCache | undefined {
  const digest = strongestDigest(integrity)
  if (digest === undefined) return undefined
  const [algorithm = '', base64 = ''] = digest.split(/-(.*)/s)
  const label = `${algorithm}-${Buffer.from(base64, 'base64').toString('hex')}`
  const folder = join(context.layout.cache, 'archives')
  const path = join(folder, label)
  return {
    whole: () => (isFile(path) ? used(path) : undefined),
    drop: () => quietly(context, () => rmSync(path, {force: true})),
    draft() {
      sweep(context, folder)
      return createDraft(context, {folder, label, path})
    },
  }
}

/** Removes archives that nobody used for a month, and what was begun a week ago and never taken up again. */
function sweep(context: Context, folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    quietly(context, () => {
      const age = Date.now() - (lstatSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now())
      const old = labelOf(name) === undefined ? age > forgotten : age > abandoned && isAbandoned(name)
      if (old) rmSync(path, {recursive: true, force: true})
    })
  }
}

/** Its time of change says when it was last of use. */
function used(path: string): string {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Somebody else's, or read-only: it serves all the same.
  }
  return path
}

function isFile(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isFile() === true
  } catch {
    return false
  }
}
