import {Exit, UserError} from '../base/errors.ts'
import {IpcError} from '../ipc/errors.ts'
import type {Event, WorkerInfo, WorkerState} from '../model/event.ts'
import {type Controller, isUnknownCall} from '../supervisor/controller.ts'
import {Picture} from '../supervisor/picture.ts'
import {concerns, nameOf, runningServer} from './servers.ts'
import type {JoinRequest, SessionListener} from './types.ts'

/** A session, as its events tell of it. */
export type Followed = Pick<Picture, 'servers'>

/**
 * Has a session run what is asked for, and follows its events; resolves when all of that is ready. Undefined if the
 * session ended before; then, as after an error, the connection is closed.
 * @throws UserError RUNS_WITHOUT, and why what is asked for can't run
 */
export async function follow(
  controller: Controller,
  join: JoinRequest,
  {onServer, onEvent, onJoin}: SessionListener,
  signal: AbortSignal,
): Promise<Followed | undefined> {
  const {request} = join
  const ended = Promise.withResolvers<undefined>()
  const complete = Promise.withResolvers<'complete'>()
  const early: Event[] = []
  let picture: Picture | undefined
  let asked: readonly WorkerInfo[] | undefined
  const removed = new Set<string>()
  let announcing = false
  let followed = false
  const own = (all: Picture) => all.workers().filter(info => concerns(info, request))
  const announceIfComplete = (all: Picture) => {
    if (asked === undefined || announcing || !isComplete(own(all), asked, removed)) return
    announcing = true
    for (const server of all.servers()) if (concerns(server, request)) onServer?.(runningServer(server))
    complete.resolve('complete')
  }
  const take = (event: Event, all: Picture) => {
    all.apply(event)
    if (event.type === 'worker/removed') removed.add(event.workerId)
    if (concerns(event, request)) {
      onEvent?.(event)
      if (announcing && event.type === 'server/listening') onServer?.(runningServer(event))
    }
    announceIfComplete(all)
  }
  const onEnd = () => ended.resolve(undefined)
  signal.addEventListener('abort', onEnd, {once: true})
  void controller.closed.then(onEnd)
  // All of it may have ended before the last of it was ready.
  void controller.over.then(() => complete.resolve('complete'))
  try {
    const {snapshot} = await controller.subscribe(event => {
      if (picture) take(event, picture)
      else early.push(event)
    })
    const all = snapshot ? Picture.of(snapshot) : new Picture()
    picture = all
    onJoin?.(all.snapshot())
    for (const event of early) take(event, all)
    asked = await Promise.race([ask(controller, join), ended.promise])
    announceIfComplete(all)
    followed = (await Promise.race([complete.promise, ended.promise])) === 'complete'
    return followed ? all : undefined
  } catch (error) {
    if (error instanceof IpcError && error.code === 'CONNECTION_CLOSED') return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', onEnd)
    if (!followed) controller.close()
  }
}

/** Has the session run what is asked for. @returns what is to be ready then */
async function ask(
  controller: Controller,
  {request, wanted = [], stay = false}: JoinRequest,
): Promise<readonly WorkerInfo[]> {
  if (request === undefined) return []
  const workers = await controller.run({...request, args: [...request.args], stay}).catch(error => {
    if (isUnknownCall(error)) return []
    throw error
  })
  const running = new Set(workers.map(info => nameOf(info).toolchain))
  const missing = wanted.filter(toolchain => !running.has(toolchain))
  if (missing.length > 0) throw runsWithout(missing, controller.pid)
  return workers
}

/** Whether all that was asked for has come as far as it will, as far as the events have told: who starts has nothing at first. */
function isComplete(
  own: readonly WorkerInfo[],
  asked: readonly WorkerInfo[],
  removed: ReadonlySet<string>,
): boolean {
  const states = new Map(own.map(({workerId, state}) => [workerId, state.kind]))
  return (
    states.size > 0 &&
    [...states.values()].every(kind => settled.has(kind)) &&
    asked.every(({workerId}) => states.has(workerId) || removed.has(workerId))
  )
}

const settled: ReadonlySet<string> = new Set<WorkerState['kind']>([
  'ready',
  'idle',
  'backoff',
  'stopped',
  'failed',
])

function runsWithout(missing: readonly string[], pid: number): UserError {
  return new UserError({
    code: 'RUNS_WITHOUT',
    message: `something runs for the project already (in process ${pid}), without ${missing.join(', ')}`,
    hint: 'end that with tool stop, and start it again',
    exitCode: Exit.workerFailed,
  })
}
