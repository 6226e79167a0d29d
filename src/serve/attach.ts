import type {Context} from '../base/context.ts'
import {connectControl} from '../supervisor/controller.ts'
import {follow} from './follow.ts'
import {runningServer} from './servers.ts'
import type {ServeEnd, ServeListener, ServeRequest, Serving} from './types.ts'

/**
 * Follows the servers that another `tool serve` of the project has; resolves when they all listen.
 * Undefined if there is none, or if it ended before they did.
 * @param wanted names of the toolchains that must be among them
 * @throws UserError SERVED_WITHOUT
 */
export async function attach(
  context: Context,
  request: Pick<ServeRequest, 'root' | 'host' | 'port'>,
  wanted: readonly string[],
  listener: ServeListener,
): Promise<Serving | undefined> {
  const {layout, signal, log} = context
  const controller = await connectControl({layout, projectRoot: request.root, signal})
  if (controller === undefined) return undefined
  const picture = await follow(controller, wanted, listener, signal)
  if (picture === undefined) {
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
  const servers = () => picture.servers().map(runningServer)
  return {attached: true, servers, ended, stop, [Symbol.asyncDispose]: stop}
}
