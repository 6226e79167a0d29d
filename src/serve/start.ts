import type {Context} from '../base/context.ts'
import type {UserError} from '../base/errors.ts'
import {hasEnded} from '../model/event.ts'
import type {Control} from '../supervisor/control.ts'
import type {Outcome, Supervisor, Worker} from '../supervisor/types.ts'
import {workerError} from '../supervisor/worker-error.ts'
import type {PlannedServer} from './plan.ts'
import {runningServer} from './servers.ts'
import {startError} from './start-error.ts'
import {targetError} from './target-error.ts'
import type {ServeEnd, ServeListener, Serving} from './types.ts'

export interface OwnServers {
  supervisor: Supervisor
  control: Control
  planned: readonly PlannedServer[]
  listener: ServeListener
}

/** Starts servers and resolves when all of them listen; if one can't, none stays. */
export async function startServers(context: Context, own: OwnServers): Promise<Serving> {
  const {signal} = context
  const {supervisor, control, planned} = own
  let stopped = false
  const end = async () => {
    await supervisor.shutdown()
    await control.close()
  }
  const stop = async () => {
    stopped = true
    await end()
  }
  const onAbort = () => void stop()
  announce(context, own)
  // All in one go: who follows must not see some of them for all.
  const workers = planned.map(({spec}) => supervisor.start(spec))
  signal.addEventListener('abort', onAbort, {once: true})
  if (signal.aborted) onAbort()
  try {
    await Promise.all(planned.map((one, index) => listens(supervisor, workers[index], one, context.cwd)))
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await end()
    signal.throwIfAborted()
    throw error
  }
  const over = async (): Promise<ServeEnd> => {
    const outcomes = await allEnded(workers)
    signal.removeEventListener('abort', onAbort)
    await end()
    const wasStopped = stopped || outcomes.every(({kind}) => kind === 'stopped')
    return wasStopped
      ? {kind: 'stopped'}
      : {kind: 'exited', errors: errorsOf(workers, outcomes, own, context.cwd)}
  }
  const servers = () => supervisor.events.snapshot().servers.map(runningServer)
  return {attached: false, servers, ended: over(), stop, [Symbol.asyncDispose]: stop}
}

/** Has the listener hear of everything, and says so where a server is not where it was wanted. */
function announce({log}: Context, {supervisor, planned, listener}: OwnServers): void {
  supervisor.onEvent(event => {
    listener.onEvent?.(event)
    if (event.type !== 'server/listening') return
    listener.onServer?.(runningServer(event))
    const wish = planned.find(({spec}) => spec.id === event.workerId)?.address.port
    if (wish && wish !== event.port) {
      log.warning(`${event.label} was asked for port ${wish} and listens on ${event.port}`)
    }
  })
  if (listener.onLine) supervisor.onLine(line => listener.onLine?.(line))
}

/** Resolves when the worker listens. One that fails before is not tried again: it would fail in the same way. */
async function listens(
  supervisor: Supervisor,
  worker: Worker | undefined,
  planned: PlannedServer,
  cwd: string,
): Promise<void> {
  if (worker === undefined) throw new Error('a planned server was not started')
  const failure = Promise.withResolvers<never>()
  const forget = supervisor.onEvent(event => {
    if (event.type !== 'worker/state' || event.workerId !== worker.id || event.state.kind !== 'backoff')
      return
    failure.reject(workerError(worker.spec, {kind: 'exited', exit: event.state.exit}, worker.tail()))
  })
  try {
    await Promise.race([worker.ready(), failure.promise])
  } catch (error) {
    const {diagnostics} = supervisor.events.snapshot()
    await worker.stop()
    throw await startError(error, planned, cwd, diagnostics)
  } finally {
    forget()
  }
}

/** Resolves when none runs: one that had ended may have been started again meanwhile. */
async function allEnded(workers: readonly Worker[]): Promise<Outcome[]> {
  for (;;) {
    const outcomes = await Promise.all(workers.map(({done}) => done))
    if (workers.every(({info}) => hasEnded(info))) return outcomes
  }
}

function errorsOf(
  workers: readonly Worker[],
  outcomes: readonly Outcome[],
  {planned}: OwnServers,
  cwd: string,
): UserError[] {
  return outcomes.flatMap((outcome, index) => {
    const worker = workers[index]
    const isFailure = outcome.kind === 'failed' || (outcome.kind === 'exited' && outcome.exit.code !== 0)
    const target = planned[index]?.target
    if (!worker || !target || !isFailure) return []
    return [targetError(workerError(worker.spec, outcome, worker.tail()), target, cwd)]
  })
}
