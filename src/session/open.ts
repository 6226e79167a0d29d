import type {Context} from '../base/context.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {type Host, hostSession} from './host.ts'
import {joinSession} from './join.ts'
import {fixedPlan, runRequest, type SessionWish} from './request.ts'
import {concerns, runningServer} from './servers.ts'
import type {
  PlannedWorker,
  Running,
  RunRequest,
  SessionEnd,
  SessionListener,
  SessionOptions,
} from './types.ts'

/** A request, and what it comes to at the moment. */
interface OpenOptions extends SessionOptions {
  request: RunRequest
  planned: readonly PlannedWorker[]
}

/**
 * Runs what is wished in the session of a project, and resolves when all of it is ready: in the one that another process
 * holds, or in one of its own. `context.signal` ends what was asked for here, then as later.
 * @param planned what the wish comes to at the moment
 * @throws UserError RUNS_WITHOUT; why what is asked for can't run; the signal's reason if it is aborted before all is ready
 */
export async function openSession(
  context: Context,
  mode: WorkerMode,
  wish: SessionWish,
  planned: readonly PlannedWorker[],
  listener: SessionListener,
): Promise<Running> {
  const {root, release, detached = false, plan = fixedPlan(mode, planned), pinFiles} = wish
  const request = runRequest(context, mode, wish)
  const options = {root, release, detached, plan, pinFiles, request, planned}
  const wanted = planned.map(({spec}) => spec.label)
  for (;;) {
    context.signal.throwIfAborted()
    // Of two that begin at the same time one gets the control socket, and the other one finds it there.
    const running =
      (await joinSession(context, {root, request, wanted, stay: detached}, listener)) ??
      (await runHere(context, options, listener))
    if (running) return running
  }
}

async function runHere(
  context: Context,
  options: OpenOptions,
  listener: SessionListener,
): Promise<Running | undefined> {
  const {request, planned} = options
  const {signal} = context
  const host = await hostSession(context, options)
  if (host === undefined) return undefined
  const {session, end} = host
  const {supervisor} = session
  supervisor.onEvent(event => {
    if (!concerns(event, request)) return
    listener.onEvent?.(event)
    if (event.type === 'server/listening') listener.onServer?.(runningServer(event))
  })
  supervisor.onLine(line => {
    if (concerns(line, request)) listener.onLine?.(line)
  })
  let stopped = false
  const stop = async () => {
    stopped = true
    await end()
  }
  const onAbort = () => void stop()
  signal.addEventListener('abort', onAbort, {once: true})
  if (signal.aborted) onAbort()
  try {
    await session.run(request, session, {planned})
  } catch (error) {
    signal.removeEventListener('abort', onAbort)
    await end()
    signal.throwIfAborted()
    throw error
  }
  const ended = endOf(host).then(one => {
    signal.removeEventListener('abort', onAbort)
    return stopped ? {kind: 'stopped' as const} : one
  })
  const servers = () => supervisor.events.snapshot().servers.map(runningServer)
  return {attached: false, servers, ended, stop, [Symbol.asyncDispose]: stop}
}

async function endOf({session, control, end}: Host): Promise<SessionEnd> {
  await Promise.race([session.over, control.closed])
  const {stopped, errors} = await session.outcome()
  await end()
  return stopped ? {kind: 'stopped'} : {kind: 'exited', errors}
}
