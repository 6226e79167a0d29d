import {setTimeout as delay} from 'node:timers/promises'
import type {Layout} from '../base/layout.ts'
import {isCarried} from '../process/carriers.ts'
import {isAlive} from '../process/identity.ts'
import type {ControlRecord} from '../supervisor/control-record.ts'
import {sweepRuns} from '../supervisor/sweep.ts'

/** Ms that the watchdog of a killed supervisor may take to end what that had. */
const patience = 5000
const pause = 20

/**
 * Kills a supervisor that does not answer. Its watchdog ends the rest; resolves when nothing of it is left, and what it
 * left on the disk is swept.
 */
export async function killSupervisor(
  layout: Layout,
  {process: owner, instance}: ControlRecord,
): Promise<void> {
  // Its number may be another's by now.
  if (isAlive(owner)) process.kill(owner.pid, 'SIGKILL')
  for (let waited = 0; waited < patience && (isAlive(owner) || isCarried(instance)); waited += pause)
    await delay(pause)
  await sweepRuns(layout)
}
