import {readdirSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'
import {errnoOf} from '../base/errors.ts'
import {readLiving} from './proc-stat.ts'
import {killTreesNow, stopTrees} from './process-tree.ts'

/** What SIGKILL could not end in this time never ends: a process stuck in the kernel, or another user's. */
const killPatience = 5000
const longestPause = 50

/** A process with those that it started: a process group, or on Windows a tree of processes. */
export interface ProcessGroup {
  /** Of its leader. */
  readonly pid: number
  /** When the leader was started, in ms since the epoch. */
  readonly began: number
}

/**
 * Ends a process group: SIGTERM now, SIGKILL when `kill` is aborted. Resolves when all of it is gone, true,
 * or with false where SIGKILL was of no use. On Windows: kills the tree of processes at once.
 * @param group must have been started by `spawnGroup`, and not been seen gone before
 */
export async function stopGroup(group: ProcessGroup, kill: AbortSignal): Promise<boolean> {
  const {pid} = group
  if (process.platform === 'win32') return stopTrees([group])
  if (groupIsGone(pid)) return true
  if (!kill.aborted) {
    signalGroup(pid, 'SIGTERM')
    // A stopped process can't act on SIGTERM.
    signalGroup(pid, 'SIGCONT')
  }
  const watch = new GroupWatch(pid)
  let killedAt: number | undefined
  for (let pause = 1; !watch.isGone(); pause = watch.inDoubt ? 1 : Math.min(pause * 2, longestPause)) {
    if (kill.aborted) {
      // Again each time: a member may have forked while the first one was on its way.
      signalGroup(pid, 'SIGKILL')
      killedAt ??= Date.now()
      if (Date.now() - killedAt > killPatience) return false
    }
    await waitFor(pause, kill)
  }
  return true
}

/** Signals every member; false where there is none, or none that may be signalled. Windows has no signals but to kill. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  if (process.platform === 'win32') return signal === 'SIGKILL' && killGroups([pid])
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/** Sends SIGKILL to every member of several groups, for who has no time to wait; false where no group was there. */
export function killGroups(pids: Iterable<number>): boolean {
  const all = [...pids]
  if (process.platform !== 'win32') return all.filter(pid => signalGroup(pid, 'SIGKILL')).length > 0
  killTreesNow(all)
  return all.length > 0
}

/** Whether no member is alive. Zombies that nobody reaps, as in a container without an init, count as gone. */
export function groupIsGone(pid: number): boolean {
  if (isEmpty(pid)) return true
  if (process.platform !== 'linux' || isLivingMember(pid, pid)) return false
  return findMember(pid) === 'none'
}

/**
 * Looks at a group again and again, mostly at one member of it that was alive. To look through all processes is dear,
 * and mostly needless when that one died: our own child is a zombie only until the next turn of the event loop.
 */
class GroupWatch {
  inDoubt = false
  readonly #group: number
  #member: number

  constructor(group: number) {
    this.#group = group
    this.#member = group
  }

  isGone(): boolean {
    if (isEmpty(this.#group)) return true
    if (process.platform !== 'linux') return false
    const wasInDoubt = this.inDoubt
    this.inDoubt = !isLivingMember(this.#member, this.#group)
    if (!this.inDoubt || !wasInDoubt) return false
    const member = findMember(this.#group)
    if (typeof member === 'number') {
      this.#member = member
      this.inDoubt = false
    }
    return member === 'none'
  }
}

/** Whether the system knows of no member, not even of a zombie. */
function isEmpty(group: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? group : -group, 0)
    return false
  } catch (error) {
    return errnoOf(error) === 'ESRCH'
  }
}

/** A living member; `unknown` where too many files are open to look for one. */
function findMember(group: number): number | 'none' | 'unknown' {
  try {
    const pids = readdirSync('/proc').map(Number)
    return pids.find(pid => pid > 0 && readLiving(pid)?.group === group) ?? 'none'
  } catch {
    return 'unknown'
  }
}

function isLivingMember(pid: number, group: number): boolean {
  try {
    return readLiving(pid)?.group === group
  } catch {
    return false
  }
}

/** Ends early when it becomes urgent. */
async function waitFor(ms: number, urgent: AbortSignal): Promise<void> {
  await delay(ms, undefined, urgent.aborted ? {} : {signal: urgent}).catch(() => {})
}
