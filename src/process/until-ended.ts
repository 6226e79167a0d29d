import {setTimeout as delay} from 'node:timers/promises'
import {isAlive, type ProcessIdentity} from './identity.ts'

/** Ms between two looks; nobody tells of the end of a process that is no child. */
const pause = 20

/** Waits for the end of somebody else's child, for `patience` ms at most. @returns whether it has ended */
export async function untilEnded(owner: ProcessIdentity, patience: number): Promise<boolean> {
  for (let waited = 0; waited < patience && isAlive(owner); waited += pause) await delay(pause)
  return !isAlive(owner)
}
