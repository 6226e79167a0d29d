import {type FSWatcher, watch} from 'node:fs'
import {dirname} from 'node:path'
import {messageOf} from '../base/errors.ts'
import type {Logger} from '../base/log.ts'
import type {Session} from './session.ts'

export interface PinsToFollow {
  /** Absolute path of the project root. */
  root: string
  /** What files are called that pins and settings stand in. */
  names: readonly string[]
  session: Session
  log: Logger
}

/** Ms without a change before it counts: an editor may write a file in several steps. */
const quiet = 100

/**
 * Has a session planned anew when a file changes that says what is to run: at the root, or beside one that set a version.
 * @returns a function that ends that
 */
export function followPins({root, names, session, log}: PinsToFollow): () => void {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let over = false
  const renew = async () => {
    try {
      await session.renew()
    } catch (error) {
      log.error(`a change of the pins could not be followed: ${messageOf(error)}; to follow it: tool restart`)
    }
    follow()
  }
  const onChange = (name: string | null) => {
    if (over || (name !== null && !names.includes(name))) return
    clearTimeout(timer)
    timer = setTimeout(() => void renew(), quiet)
  }
  const follow = () => {
    if (over || names.length === 0) return
    for (const directory of new Set([root, ...session.origins.map(path => dirname(path))])) {
      if (watchers.has(directory)) continue
      const watcher = tryToWatch(directory, onChange, log)
      if (watcher) watchers.set(directory, watcher)
    }
  }
  // What runs is known after it was started.
  const forget = session.supervisor.onEvent(({type}) => {
    if (type === 'worker/state') follow()
  })
  follow()
  return () => {
    over = true
    clearTimeout(timer)
    forget()
    for (const watcher of watchers.values()) watcher.close()
  }
}

function tryToWatch(
  directory: string,
  onChange: (name: string | null) => void,
  log: Logger,
): FSWatcher | undefined {
  const unseen = (error: unknown) =>
    log.debug(`changes of pins in ${directory} are not noticed: ${messageOf(error)}`)
  try {
    // In the folder, not of the file: a file that is replaced is another one.
    const watcher = watch(directory, {persistent: false}, (_, name) => onChange(name))
    watcher.on('error', unseen)
    return watcher
  } catch (error) {
    unseen(error)
    return undefined
  }
}
