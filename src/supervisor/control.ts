import {randomBytes} from 'node:crypto'
import {basename, dirname, join} from 'node:path'
import {z} from 'zod'
import {Exit, UserError} from '../base/errors.ts'
import {quoted} from '../base/quoted.ts'
import {listenSocket} from '../ipc/listen.ts'
import type {Connection} from '../ipc/types.ts'
import {
  compileWorkerParams,
  controllerInitializeParams,
  spawnParams,
  subscribeParams,
  workerIdParams,
  workersLogsParams,
} from '../model/protocol.ts'
import {ownIdentity} from '../process/identity.ts'
import {type ControlPlace, layoutFor} from './control-place.ts'
import {type ControlRecord, readRecord, removeRecord, writeRecord} from './control-record.ts'
import {findControl} from './controller.ts'
import {feedEvents} from './event-feed.ts'
import {lockRun, removeIfEmpty, sweepWorkersSockets} from './run-folder.ts'
import {spawnWorker} from './spawn-spec.ts'
import type {Compiled, Supervisor, Worker, WorkerList} from './types.ts'

export interface ControlOptions extends ControlPlace {
  /** The folder that clients' relative paths are below, if not `projectRoot`. */
  folder?: string
  /** Absolute path of the socket, if a person chose one; its folder has to be private, unless it is missing. */
  socket?: string | undefined
  /** Release of this program. */
  version: string
  /** Whether it is to outlive the terminal that it is started in. */
  detached?: boolean
  /** Registers what else a client may ask for, in the tick in which it was let in. */
  onClient?: (connection: Connection) => void
  signal?: AbortSignal
}

export interface Control extends AsyncDisposable {
  /** Path of the socket, or name of the pipe. */
  readonly socket: string
  /** Resolves when it is closed: by `close`, or after a client had the supervisor shut down. */
  readonly closed: Promise<void>
  /** Ends every client's connection and removes what others find it by. May be called twice. */
  close(): Promise<void>
}

/**
 * Makes a supervisor the one of its project, for other programs to find and to talk to.
 * @returns undefined if the project has a live one already; of two that try at the same time exactly one gets it
 * @throws UserError SUPERVISOR_NOT_ANSWERING, and what locks and sockets throw
 */
export async function openControl(
  supervisor: Supervisor,
  options: ControlOptions,
): Promise<Control | undefined> {
  const {projectRoot, folder = projectRoot, socket: wished} = options
  const {version, detached, onClient, signal} = options
  const layout = layoutFor(options)
  const directory = layout.run(projectRoot)
  await using _lock = await lockRun(layout, basename(directory), signal)
  const taken = readRecord(layout, projectRoot)
  if (taken && (await isServed(taken, signal))) return undefined

  const {instance} = supervisor
  const self = ownIdentity()
  const token = randomBytes(32).toString('base64url')
  // They are kept from here on, for clients to ask for.
  void supervisor.lines
  const listening = await listenSocket({
    directory: wished === undefined ? directory : dirname(wished),
    name: wished === undefined ? 'control.sock' : basename(wished),
    exact: wished !== undefined,
    handshake: {
      schema: controllerInitializeParams,
      tokenFor: () => token,
      welcome: connection => {
        serve(connection, {supervisor, root: folder, onShutdown: () => void close()})
        onClient?.(connection)
        return {instance, version}
      },
    },
  })
  const swept = Promise.all(
    [listening.path, join(directory, 'control.sock')].map(path => sweepWorkersSockets(path)),
  )
  const {promise: closed, resolve} = Promise.withResolvers<void>()
  const close = async () => {
    removeRecord(directory, instance)
    await swept
    await listening.close()
    removeIfEmpty(directory)
    if (process.platform !== 'win32' && wished === undefined) removeIfEmpty(dirname(listening.path))
    resolve()
  }
  const socket = listening.path
  const record: ControlRecord = {
    process: self,
    instance,
    token,
    socket,
    version,
    root: projectRoot,
    started: Date.now(),
    ...(detached && {detached}),
  }
  try {
    writeRecord(layout, projectRoot, record)
  } catch (error) {
    await listening.close()
    throw error
  }
  return {socket, closed, close, [Symbol.asyncDispose]: close}
}

async function isServed(record: ControlRecord, signal?: AbortSignal): Promise<boolean> {
  const found = await findControl(record, signal)
  found?.close()
  return found !== undefined
}

const nothing = z.object({})

interface Served {
  supervisor: Supervisor
  /** What a relative folder is below. */
  root: string
  onShutdown(): void
}

/** Answers what a client asks, once it is let in. */
export function serve(connection: Connection, {supervisor, root, onShutdown}: Served): void {
  let endFeed = () => {}
  const {events, lines} = supervisor
  connection.onRequest('workers/list', nothing, (): WorkerList => {
    const {workers, servers} = events.snapshot()
    return {workers, servers}
  })
  connection.onRequest('workers/spawn', spawnParams, async params => ({
    worker: (await spawnWorker(supervisor, params, root)).info,
  }))
  connection.onRequest('workers/shutdown', workerIdParams, async ({id}) => ({
    outcome: await workerOf(supervisor, id).stop(),
  }))
  connection.onRequest('workers/restart', workerIdParams, async ({id}) => {
    await workerOf(supervisor, id).restart()
    return {}
  })
  connection.onRequest('workers/logs', workersLogsParams, ({offset = 0, id}) => {
    if (id !== undefined) workerOf(supervisor, id)
    return lines.from(offset, id)
  })
  connection.onRequest('compile', compileWorkerParams, async (params, signal): Promise<Compiled> => {
    const {id, pid} = params
    const worker = workerOf(supervisor, id)
    if (pid !== undefined && worker.info.pid !== pid) throw replaced(id)
    const {status} = await worker.compile({taskId: params.taskId, arguments: params.arguments}, signal)
    // What comes next to this worker's turn has changed nothing yet.
    const diagnostics = events.snapshot().diagnostics.filter(({workerId}) => workerId === id)
    return {status, diagnostics}
  })
  connection.onRequest('diagnostics/snapshot', nothing, () => {
    const {diagnostics} = events.snapshot()
    return {diagnostics}
  })
  connection.onRequest('events/subscribe', subscribeParams, ({since}) => {
    endFeed()
    const subscription = events.subscribe(since)
    endFeed = feedEvents(connection, events, subscription.seq)
    return subscription
  })
  connection.onRequest('supervisor/shutdown', nothing, async () => {
    await supervisor.shutdown()
    // Once the answer is on its way.
    setImmediate(onShutdown)
    return {}
  })
}

function replaced(id: string): UserError {
  return new UserError({
    code: 'WORKER_REPLACED',
    message: `worker ${JSON.stringify(id)} has another process by now`,
    hint: 'ask for the worker again',
    exitCode: Exit.workerFailed,
  })
}

function workerOf(supervisor: Supervisor, id: string): Worker {
  const worker = supervisor.get(id)
  if (worker) return worker
  const ids = supervisor.list().map(known => known.id)
  throw new UserError({
    code: 'NO_SUCH_WORKER',
    message: `there is no worker ${quoted(id)}`,
    hint: ids.length > 0 ? `there are: ${ids.join(', ')}` : 'no worker was started',
    exitCode: Exit.usage,
  })
}
