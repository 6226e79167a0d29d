import type {Context} from '../base/context.ts'
import {supervisorsAbove} from '../driver/environment.ts'
import {watchdogScript} from '../process/watchdog.ts'
import {keepLogs} from '../session/keep-logs.ts'
import {openControl} from '../supervisor/control.ts'
import {logFolder} from '../supervisor/log-record.ts'
import {createSupervisor} from '../supervisor/supervisor.ts'
import {attach} from './attach.ts'
import {type PlannedServer, planServers} from './plan.ts'
import {startServers} from './start.ts'
import type {ServeListener, ServeRequest, Serving} from './types.ts'

/**
 * Starts every server of a project, and resolves when all of them listen. If the project is served already, it
 * follows that instead, until it ends. `context.signal` stops it, then as later.
 * @throws UserError NOTHING_TO_SERVE, PORT_FOR_MANY, SERVED_WITHOUT, SERVE_NEEDS_ARGUMENTS, SERVE_INPUT_MISSING, PROJECT_NOT_TRUSTED,
 *   PORT_IN_USE, PORT_NOT_PERMITTED, HOST_NOT_AVAILABLE, those of workers that end before they listen; the signal's
 *   reason if it is aborted before all listen
 */
export async function serve(
  context: Context,
  request: ServeRequest,
  listener: ServeListener = {},
): Promise<Serving> {
  const planned = planServers(request, context)
  const wanted = planned.map(({spec}) => spec.label)
  for (;;) {
    context.signal.throwIfAborted()
    // Of two that begin at the same time one gets the control socket, and the other one finds it there.
    const serving =
      (await attach(context, request, wanted, listener)) ??
      (await serveHere(context, request, planned, listener))
    if (serving) return serving
  }
}

async function serveHere(
  context: Context,
  {root, release, detached = false}: ServeRequest,
  planned: readonly PlannedServer[],
  listener: ServeListener,
): Promise<Serving | undefined> {
  const {layout, signal} = context
  const supervisor = createSupervisor({
    directory: layout.run(root),
    above: supervisorsAbove(context.env),
    watchdog: watchdogScript(context),
  })
  const control = await openControl(supervisor, {
    layout,
    projectRoot: root,
    version: release,
    detached,
    signal,
  })
  if (control === undefined) return undefined
  void control.closed.then(keepLogs(supervisor, logFolder(layout, root), context.log))
  return startServers(context, {supervisor, control, planned, listener})
}
