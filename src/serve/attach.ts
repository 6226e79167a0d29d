import type {Context} from '../base/context.ts'
import {IpcError} from '../ipc/errors.ts'
import type {Event, WorkerState} from '../model/event.ts'
import {type Controller, connectControl} from '../supervisor/controller.ts'
import {Picture} from '../supervisor/picture.ts'
import {runningServer} from './servers.ts'
import type {ServeEnd, ServeListener, ServeRequest, Serving} from './types.ts'

/**
 * Follows the servers that another `tool serve` of the project has; resolves when they all listen.
 * Undefined if there is none, or if it ended before they did.
 */
export async function attach(
  context: Context,
  request: Pick<ServeRequest, 'root' | 'host' | 'port'>,
  listener: ServeListener,
): Promise<Serving | undefined> {
  const {layout, signal, log} = context
  const controller = await connectControl({layout, projectRoot: request.root, signal})
  if (controller === undefined) return undefined
  const picture = await follow(controller, listener, signal)
  if (picture === undefined) {
    controller.close()
    signal.throwIfAborted()
    return undefined
  }
  if (request.port !== undefined || request.host !== undefined) {
    log.warning('the project is served already; its servers stay where they are')
  }
  let stopped = false
  const leave = () => {
    stopped = true
    controller.close()
  }
  signal.addEventListener('abort', leave, {once: true})
  if (signal.aborted) leave()
  const ended = controller.closed.then((): ServeEnd => {
    signal.removeEventListener('abort', leave)
    return stopped ? {kind: 'stopped'} : {kind: 'followed'}
  })
  const stop = async () => {
    leave()
    await ended
  }
  const servers = () => picture.snapshot().servers.map(runningServer)
  return {attached: true, servers, ended, stop, [Symbol.asyncDispose]: stop}
}

/** The picture that the events go on to complete; undefined if they ended before every server was there. */
async function follow(
  controller: Controller,
  {onServer, onEvent}: ServeListener,
  signal: AbortSignal,
): Promise<Picture | undefined> {
  const {promise: complete, resolve} = Promise.withResolvers<boolean>()
  const early: Event[] = []
  let picture: Picture | undefined
  const take = (event: Event) => {
    picture?.apply(event)
    if (picture && isComplete(picture)) resolve(true)
    onEvent?.(event)
    if (event.type === 'server/listening') onServer?.(runningServer(event))
  }
  const onAbort = () => resolve(false)
  signal.addEventListener('abort', onAbort, {once: true})
  void controller.closed.then(onAbort)
  try {
    const {snapshot} = await controller.subscribe(event => {
      if (picture) take(event)
      else early.push(event)
    })
    picture = snapshot ? Picture.of(snapshot) : new Picture()
    for (const server of picture.snapshot().servers) onServer?.(runningServer(server))
    for (const event of early) take(event)
    if (isComplete(picture)) resolve(true)
    return (await complete) ? picture : undefined
  } catch (error) {
    if (error instanceof IpcError && error.code === 'CONNECTION_CLOSED') return undefined
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Whether every worker has come as far as it will, and at least one listens: who starts has none at first. */
function isComplete(picture: Picture): boolean {
  const {workers, servers} = picture.snapshot()
  return servers.length > 0 && workers.every(({state: {kind}}) => settled.has(kind))
}

const settled: ReadonlySet<string> = new Set<WorkerState['kind']>(['ready', 'backoff', 'stopped', 'failed'])
