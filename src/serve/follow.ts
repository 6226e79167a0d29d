import {Exit, UserError} from '../base/errors.ts'
import {IpcError} from '../ipc/errors.ts'
import {type Event, hasEnded, type WorkerState} from '../model/event.ts'
import type {Controller} from '../supervisor/controller.ts'
import {Picture} from '../supervisor/picture.ts'
import {nameOf, runningServer} from './servers.ts'
import type {ServeListener} from './types.ts'

/**
 * The picture that the events go on to complete; undefined if they ended before every server was there.
 * The connection is closed unless there is one.
 * @param wanted names of the toolchains that must be among the servers
 * @throws UserError SERVED_WITHOUT
 */
export async function follow(
  controller: Controller,
  wanted: readonly string[],
  {onServer, onEvent}: ServeListener,
  signal: AbortSignal,
): Promise<Picture | undefined> {
  const {promise: ended, resolve: end} = Promise.withResolvers<'ended'>()
  const {promise: complete, resolve, reject} = Promise.withResolvers<'complete'>()
  const early: Event[] = []
  let picture: Picture | undefined
  let announcing = false
  let followed = false
  /** Of servers that are not those wanted nothing is said. */
  const announceIfComplete = (all: Picture) => {
    if (announcing || !isComplete(all)) return
    const missing = missingFrom(all, wanted)
    if (missing.length > 0) return reject(servedWithout(missing, controller.pid))
    announcing = true
    for (const server of all.servers()) onServer?.(runningServer(server))
    resolve('complete')
  }
  const take = (event: Event, all: Picture) => {
    all.apply(event)
    onEvent?.(event)
    if (announcing && event.type === 'server/listening') onServer?.(runningServer(event))
    announceIfComplete(all)
  }
  const onEnd = () => end('ended')
  signal.addEventListener('abort', onEnd, {once: true})
  void controller.closed.then(onEnd)
  try {
    const {snapshot} = await controller.subscribe(event => {
      if (picture) take(event, picture)
      else early.push(event)
    })
    picture = snapshot ? Picture.of(snapshot) : new Picture()
    announceIfComplete(picture)
    for (const event of early) take(event, picture)
    followed = (await Promise.race([complete, ended])) === 'complete'
    return followed ? picture : undefined
  } catch (error) {
    if (error instanceof IpcError && error.code === 'CONNECTION_CLOSED') return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', onEnd)
    if (!followed) controller.close()
  }
}

/** Whether every worker has come as far as it will, and at least one listens: who starts has none at first. */
function isComplete(picture: Picture): boolean {
  return picture.servers().length > 0 && picture.workers().every(({state: {kind}}) => settled.has(kind))
}

const settled: ReadonlySet<string> = new Set<WorkerState['kind']>(['ready', 'backoff', 'stopped', 'failed'])

/** The toolchains of which no server runs, or is about to again. */
function missingFrom(picture: Picture, wanted: readonly string[]): string[] {
  const alive = picture.workers().filter(info => !hasEnded(info))
  const served = new Set(alive.map(info => nameOf(info).toolchain))
  return wanted.filter(toolchain => !served.has(toolchain))
}

function servedWithout(missing: readonly string[], pid: number): UserError {
  return new UserError({
    code: 'SERVED_WITHOUT',
    message: `the project is served already (by process ${pid}), without ${missing.join(', ')}`,
    hint: 'end that with tool stop, and start it again',
    exitCode: Exit.workerFailed,
  })
}
