import {readWorkerId} from '../driver/worker-id.ts'
import type {Event} from '../model/event.ts'
import {Status} from '../model/protocol.ts'
import {Asker} from './asker.ts'
import type {KeptAtWork} from './keeper.ts'
import {Starter} from './starter.ts'
import {Timekeeper} from './timekeeper.ts'

/**
 * Runs a compiler anew whenever its project's files change, for as long as its worker is meant to run; of one that watches by
 * itself only the time of changes is told, so that it is known how long an answer took.
 * @returns resolves when its first run is over, or it has ended; rejects with a UserError if it can't be told to run
 */
export function keepAtWork(kept: KeptAtWork): Promise<void> {
  const {worker, supervisor, kind} = kept
  const keeper =
    kind === 'own' ? new Timekeeper(kept) : kind === 'rerun' ? new Starter(kept) : new Asker(kept)
  const forget = supervisor.onEvent(event => {
    if (event.workerId === worker.id) {
      if (event.type === 'worker/removed' || supervisor.get(worker.id) !== worker) {
        keeper.leave()
        return forget()
      }
      keeper.hear(event)
    } else if (isGoodRun(event) && isBefore(event, kept)) {
      keeper.again()
    }
  })
  keeper.enter()
  return keeper.begun
}

function isBefore({workerId}: Event, {after}: KeptAtWork): boolean {
  const {mode, toolchain} = readWorkerId(workerId) ?? {}
  return mode === 'watch' && toolchain !== undefined && after.includes(toolchain)
}

/** Parts of a run have names of the compiler's own. */
function isGoodRun(event: Event): boolean {
  return event.type === 'task/finish' && event.status === Status.ok && /^run-\d+$/.test(event.taskId)
}
