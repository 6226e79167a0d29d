import type {Stats} from 'node:fs'
import {basename} from 'node:path'
import {type FSWatcher, watch} from 'chokidar'
import {messageOf} from '../base/errors.ts'
import {systemClock} from '../process/clock.ts'
import {Batches} from './batches.ts'
import type {Change} from './change.ts'
import {ignoreRules} from './ignored.ts'
import {limitError} from './limit-error.ts'

export interface FilesToWatch {
  /** Absolute path of the project root, all below which is watched. */
  root: string
  /** `$TOOL_HOME`, in which nothing is anybody's source. */
  home: string
  /** From when on changes count, in ms since the epoch: also before the folders are looked through. */
  since: number
  /** One change, at once. */
  onChange?(change: Change): void
  /** Changes that came together. */
  onChanges(changes: Change[]): void
  /** What can't be watched. A UserError WATCH_LIMIT_REACHED means that nothing is from then on. */
  onTrouble(error: unknown): void
}

export interface WatchedFiles {
  close(): Promise<void>
}

/** The clock of a file system may be this much behind. */
const tick = 20
/** Ms for which a deletion is held back, since many editors delete a file in order to write it. */
const heldBack = 100

const types = {add: 'created', change: 'changed', unlink: 'deleted'} as const

/** Watches the files of a project. With CHOKIDAR_USEPOLLING=1 they are looked at, as network disks need it. */
export function watchFiles({root, home, since, onChange, onChanges, onTrouble}: FilesToWatch): WatchedFiles {
  const rules = ignoreRules(root, home)
  const batches = new Batches(systemClock, onChanges)
  let isReady = false
  let closing: Promise<void> | undefined
  const watcher: FSWatcher = watch(root, {
    ignored: (path: string, stats?: Stats) => rules.ignores(path, stats?.isDirectory()),
    ignorePermissionErrors: true,
    alwaysStat: true,
    atomic: heldBack,
  })
  const close = () => {
    batches.close()
    closing ??= watcher.close()
    return closing
  }
  const take = (event: keyof typeof types, path: string, stats?: Stats) => {
    const now = Date.now()
    // Who is gone has no time of its own.
    const at = stats === undefined ? now - heldBack : Math.min(stats.ctimeMs, now)
    // Until all was seen, every file is new to the watcher.
    if (!isReady && at < since - tick) return
    if (basename(path) === '.gitignore') rules.reread()
    if (rules.ignores(path)) return
    const change = {path, type: types[event], at}
    onChange?.(change)
    batches.add(change)
  }
  for (const event of ['add', 'change', 'unlink'] as const) {
    watcher.on(event, (path, stats) => take(event, path, stats))
  }
  watcher.once('ready', () => {
    isReady = true
  })
  watcher.on('error', error => {
    if (closing) return
    const limit = limitError(error, root)
    if (limit) void close()
    onTrouble(limit ?? new Error(`not all of ${root} is watched: ${messageOf(error)}`))
  })
  return {close}
}
