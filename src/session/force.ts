import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {carriersOf, endCarriers} from '../process/carriers.ts'
import {isAlive} from '../process/identity.ts'
import {stopTrees} from '../process/process-tree.ts'
import {untilEnded} from '../process/until-ended.ts'
import {watchdogScript} from '../process/watchdog.ts'
import type {ControlRecord} from '../supervisor/control-record.ts'
import {sweepRuns} from '../supervisor/sweep.ts'

/** Ms that a process may take to be gone after SIGKILL, and what it ran after that. */
const patience = 5000

/**
 * Kills a supervisor that does not answer, and all that it ran; resolves when nothing of it is left, and what it left on
 * the disk is swept.
 * @throws UserError PROCESSES_LEFT
 */
export async function killSupervisor(context: Context, record: ControlRecord): Promise<void> {
  const isGone = await (process.platform === 'win32' ? killTree(record) : killAll(context, record))
  if (!isGone) throw left(record)
  await sweepRuns(context)
}

async function killTree({process: owner, started}: ControlRecord): Promise<boolean> {
  return !isAlive(owner) || stopTrees([{pid: owner.pid, began: started}])
}

async function killAll(context: Context, {process: owner, instance}: ControlRecord): Promise<boolean> {
  // Its number may be another's by now.
  if (isAlive(owner)) kill(owner.pid)
  const hasEnded = await untilEnded(owner, patience)
  return (await endCarriers(instance, watchdogScript(context), patience)) && hasEnded
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error
  }
}

function left({process: {pid}, root, instance}: ControlRecord): UserError {
  const pids = carriersOf(instance)
  return new UserError({
    code: 'PROCESSES_LEFT',
    message: `the supervisor of ${root} (process ${pid}) was killed, and not all that it ran could be`,
    hint:
      pids.length > 0
        ? `end it yourself: kill -KILL ${pids.join(' ')}`
        : `look for processes that have ${instance} in their environment`,
    exitCode: Exit.workerFailed,
  })
}
