import {setTimeout as delay} from 'node:timers/promises'
import {errnoOf} from '../base/errors.ts'
import {type Ancestor, asSystemProgram, descendantsOf, listProcesses} from './process-table.ts'

/** Who can't be killed in this time never ends: it is another user's, or stuck in the kernel. */
const killPatience = 5000
/** Ms for `taskkill`, which looks through all processes. */
const patience = 10_000
const pause = 20

/** A process that was started here, and when, in ms since the epoch by the clock of this process. */
export interface Root {
  pid: number
  began: number
}

/**
 * Kills processes of Windows with all that they started, and what those started; Windows has no polite way for programs
 * without a window. Where one is gone already, what it left is killed.
 * @returns false where one of them can't be killed
 */
export async function stopTrees(roots: readonly Root[]): Promise<boolean> {
  // Whoever ends takes the proof with it that its children are ours, so all that were ever seen are kept in mind.
  const known: Ancestor[] = roots.map(({pid, began}) => ({
    pid,
    from: began,
    until: exists(pid) ? Number.POSITIVE_INFINITY : Date.now(),
  }))
  const living = known.filter(isOpen).map(({pid}) => pid)
  if (living.length > 0 && (await taskkill(living)) && living.length === roots.length) return true
  for (const pid of living) kill(pid)
  const deadline = Date.now() + killPatience
  for (;;) {
    known.push(...descendantsOf((await listProcesses()) ?? [], known))
    for (const one of known) if (!exists(one.pid)) one.until = Math.min(one.until, Date.now())
    const left = known.filter(isOpen)
    if (left.length === 0) return true
    if (Date.now() > deadline) return false
    for (const {pid} of left) kill(pid)
    await delay(pause)
  }
}

/** Kills what can be killed of the trees without waiting, for who has no more time. */
export function killTreesNow(pids: readonly number[]): void {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  if (pids.length > 0)
    spawnSync('taskkill.exe', killWords(pids), {...asSystemProgram, stdio: 'ignore', timeout: patience})
  for (const pid of pids) kill(pid)
}

/** Whether somebody has that number. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH'
  }
}

function isOpen({until}: Ancestor): boolean {
  return until === Number.POSITIVE_INFINITY
}

/** Whether the whole trees are gone; Wine's can't do that. */
async function taskkill(pids: readonly number[]): Promise<boolean> {
  const {execFile} = process.getBuiltinModule('node:child_process')
  const {promise, resolve} = Promise.withResolvers<boolean>()
  execFile('taskkill.exe', killWords(pids), {...asSystemProgram, timeout: patience}, error =>
    resolve(error === null),
  )
  if (!(await promise)) return false
  // A process that was told to end takes a moment to do so.
  for (const deadline = Date.now() + 1000; pids.some(exists); await delay(pause)) {
    if (Date.now() > deadline) return false
  }
  return true
}

function killWords(pids: readonly number[]): string[] {
  return ['/T', '/F', ...pids.flatMap(pid => ['/PID', String(pid)])]
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone, or not ours to kill; who asks looks again.
  }
}
