import {z} from 'zod'
import type {Context} from '../base/context.ts'
import {supervisorsAbove} from '../base/variables.ts'
import type {Connection} from '../ipc/types.ts'
import {projectRestartParams, projectRunParams} from '../model/protocol.ts'
import {watchdogScript} from '../process/watchdog.ts'
import {type Control, openControl} from '../supervisor/control.ts'
import {logFolder} from '../supervisor/log-record.ts'
import {createSupervisor} from '../supervisor/supervisor.ts'
import {sweepRuns} from '../supervisor/sweep.ts'
import type {Worker} from '../supervisor/types.ts'
import {isSupervisorStopped} from '../supervisor/worker-error.ts'
import {followPins} from './follow-pins.ts'
import {keepLogs} from './keep-logs.ts'
import {Session} from './session.ts'
import type {SessionOptions} from './types.ts'

const nothing = z.object({})

/** The session of a project, in this process, and the way for others to find it. */
export interface Host {
  session: Session
  control: Control
  /** Ends all that runs, and resolves when nothing is left. May be called twice. */
  end(): Promise<void>
}

/**
 * Makes this process the one that holds the session of a project.
 * @returns undefined if another one does already
 * @throws UserError SUPERVISOR_NOT_ANSWERING, and what locks and sockets throw
 */
export async function hostSession(context: Context, options: SessionOptions): Promise<Host | undefined> {
  const {root, release, detached = false, plan, pinFiles = []} = options
  const {layout, signal, log} = context
  await sweepRuns(context)
  const supervisor = createSupervisor({
    directory: layout.run(root),
    above: supervisorsAbove(context.env),
    watchdog: watchdogScript(context),
  })
  const session = new Session(supervisor, {plan, cwd: context.cwd})
  const control = await openControl(supervisor, {
    layout,
    projectRoot: root,
    version: release,
    detached,
    signal,
    onClient: connection => answer(connection, session),
  })
  if (control === undefined) return undefined
  void control.closed.then(keepLogs(supervisor, logFolder(layout, root), log))
  const forgetPins = followPins({root, names: pinFiles, session, log})
  void control.closed.then(forgetPins)
  const end = async () => {
    forgetPins()
    await supervisor.shutdown()
    await control.close()
  }
  return {session, control, end}
}

/** What the clients of a session may ask for, beside what every supervisor answers. */
function answer(connection: Connection, session: Session): void {
  let left = new AbortController()
  const leave = () => {
    left.abort(new Error('the client has left'))
    left = new AbortController()
    return session.leave(connection)
  }
  void connection.closed.then(leave)
  connection.onRequest('project/run', projectRunParams, async ({stay, ...request}, cancelled) => {
    const signal = AbortSignal.any([cancelled, left.signal])
    try {
      const workers = await session.run(request, stay ? session : connection, {signal})
      if (!stay) session.onOver(connection, () => void connection.notify('project/ended', {}))
      return listOf(workers)
    } catch (error) {
      // For one that comes at the end there is no session; it finds out, and may hold the next.
      if (session.isOver || isSupervisorStopped(error)) await connection.closed
      throw error
    }
  })
  connection.onRequest('project/restart', projectRestartParams, async ({toolchain}) =>
    listOf(await session.restart(toolchain)),
  )
  connection.onRequest('project/leave', nothing, async () => {
    await leave()
    return {}
  })
}

function listOf(workers: readonly Worker[]) {
  return {workers: workers.map(({info}) => info)}
}
