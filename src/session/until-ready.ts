import {isUserError, UserError} from '../base/errors.ts'
import type {Outcome, Supervisor} from '../supervisor/types.ts'
import {workerError} from '../supervisor/worker-error.ts'
import type {Place} from './place.ts'
import {targetError} from './target-error.ts'

/**
 * Resolves when a worker is ready. One that has just begun is not tried again if it fails before: it would in the same way.
 * @param cwd what paths in messages are relative to
 * @throws UserError why it is not ready, in words that fit what set it
 */
export async function untilReady(
  supervisor: Supervisor,
  {worker, planned, begun}: Place,
  {isFresh, cwd}: {isFresh: boolean; cwd: string},
): Promise<void> {
  const failure = Promise.withResolvers<never>()
  const forget = supervisor.onEvent(event => {
    if (event.type !== 'worker/state' || event.workerId !== worker.id || event.state.kind !== 'backoff')
      return
    const outcome = {kind: 'exited', exit: event.state.exit} as const
    if (isFresh) failure.reject(workerError(worker.spec, outcome, worker.tail()))
  })
  try {
    await Promise.race([worker.ready().then(() => begun), failure.promise])
  } catch (error) {
    const {diagnostics} = supervisor.events.snapshot()
    if (isFresh) await worker.stop()
    if (!(error instanceof UserError)) throw error
    throw (await planned.explain?.(error, diagnostics)) ?? targetError(error, planned.target, cwd)
  } finally {
    forget()
  }
}

/** Whether a worker is not ready since somebody stopped it. */
export function isStopped(error: unknown): boolean {
  return isUserError(error, 'WORKER_STOPPED')
}

/** Why a worker has ended, where nobody stopped it and not all was well. */
export function failureOf(
  {worker, planned: {target}, outcome}: Pick<Place, 'worker' | 'planned'> & {outcome: Outcome},
  cwd: string,
): UserError | undefined {
  const failed = outcome.kind === 'failed' || (outcome.kind === 'exited' && outcome.exit.code !== 0)
  return failed ? targetError(workerError(worker.spec, outcome, worker.tail()), target, cwd) : undefined
}
