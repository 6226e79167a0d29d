import type {Context} from '../base/context.ts'
import {connectControl} from '../supervisor/controller.ts'
import {follow} from './follow.ts'
import {concerns, runningServer} from './servers.ts'
import {tellHung} from './tell-hung.ts'
import type {JoinRequest, Running, SessionEnd, SessionListener} from './types.ts'

/**
 * Joins the session of a project that another process holds, and has it run what is asked for; resolves when that is ready.
 * Undefined if there is none, or if it ended before.
 * @throws UserError RUNS_WITHOUT, and why what is asked for can't run; the signal's reason
 */
export async function joinSession(
  {layout, signal, log}: Context,
  join: JoinRequest,
  listener: SessionListener,
): Promise<Running | undefined> {
  const {root, request} = join
  const controller = await connectControl({layout, projectRoot: root, signal})
  if (controller === undefined) return undefined
  const picture = await follow(controller, join, listener, signal)
  if (picture === undefined) {
    signal.throwIfAborted()
    return undefined
  }
  if (request?.port !== undefined || request?.host !== undefined) {
    log.warning('the project is served already; its servers stay where they are')
  }
  tellHung(controller, log)
  let leaving: Promise<void> | undefined
  const leave = async () => {
    // One that is gone has nothing left of this one's.
    if (request) await controller.leave().catch(() => {})
    controller.close()
  }
  const stop = () => {
    leaving ??= leave()
    return leaving
  }
  const onAbort = () => void stop()
  signal.addEventListener('abort', onAbort, {once: true})
  if (signal.aborted) onAbort()
  const ended = Promise.race([controller.closed, controller.over]).then(async (): Promise<SessionEnd> => {
    signal.removeEventListener('abort', onAbort)
    if (leaving === undefined) {
      controller.close()
      return {kind: 'followed'}
    }
    await leaving
    return {kind: 'stopped'}
  })
  const servers = () =>
    picture
      .servers()
      .filter(one => concerns(one, request))
      .map(runningServer)
  return {
    attached: true,
    servers,
    ended,
    stop: async () => {
      await stop()
      await ended
    },
    [Symbol.asyncDispose]: stop,
  }
}
