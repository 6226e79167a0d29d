import {Exit, isUserError, UserError} from '../base/errors.ts'
import {connectSocket} from '../ipc/connect.ts'
import {IpcError, RpcCode, RpcError} from '../ipc/errors.ts'
import {quietly} from '../ipc/frame-writer.ts'
import {initialize} from '../ipc/handshake.ts'
import type {Connection} from '../ipc/types.ts'
import {unchecked} from '../ipc/unchecked.ts'
import type {Event, Snapshot, WorkerInfo} from '../model/event.ts'
import type {CompileWorkerParams, ProjectRunParams, SpawnParams} from '../model/protocol.ts'
import {protocolVersion} from '../model/wire.ts'
import {type ControlPlace, layoutFor} from './control-place.ts'
import {type ControlRecord, readRecord} from './control-record.ts'
import {Liveness} from './liveness.ts'
import type {Compiled, EventListener, LogPage, Outcome, Position, Subscription, WorkerList} from './types.ts'

const handshakeTimeout = 5000
/** What the supervisor does for these calls takes as long as its workers do. */
const patient = {timeout: Number.POSITIVE_INFINITY}

/**
 * A client of a supervisor in another process. Every call rejects with an IpcError if the connection ends first, and
 * with a UserError SUPERVISOR_OTHER_RELEASE if the supervisor does not know it.
 */
export interface Controller extends Disposable {
  readonly instance: string
  /** Release of the supervisor. */
  readonly version: string
  readonly pid: number
  /** Resolves when the connection is gone. */
  readonly closed: Promise<Error | undefined>
  /** Tells once the supervisor does not answer any more, and with `undefined` when it does again. */
  onHung(listener: (error: UserError | undefined) => void): void
  /** Resolves when nothing runs any more of what this client had the session of a project run. */
  readonly over: Promise<void>
  workers(): Promise<WorkerList>
  diagnostics(): Promise<Snapshot['diagnostics']>
  /**
   * The lines that are still kept from number `offset` on, of one worker or of all; not all of them at a time.
   * @throws UserError NO_SUCH_WORKER
   */
  logs(from?: {offset?: number; id?: string}): Promise<LogPage>
  /**
   * Has every event after `since` handed to the listener, once each and in order; without a position that is still
   * known the result holds a snapshot, and the events after that follow. They begin after the promise resolved.
   */
  subscribe(listener: EventListener, since?: Position): Promise<Subscription>
  /**
   * Starts a program as a worker, which ends with the supervisor; resolves when its process runs.
   * @throws UserError WORKER_RUNS_ALREADY, WORKER_CANNOT_START
   */
  spawn(params: SpawnParams): Promise<WorkerInfo>
  /**
   * Has a worker compile, after what others ask of it; aborting takes back this one, and no other.
   * @throws UserError NO_SUCH_WORKER, WORKER_CANNOT_COMPILE, and of the worker's end
   */
  compile(params: CompileWorkerParams, signal?: AbortSignal): Promise<Compiled>
  /** @throws UserError NO_SUCH_WORKER */
  stop(workerId: string): Promise<Outcome>
  /** Resolves when the worker is ready again. @throws UserError NO_SUCH_WORKER, or why it isn't ready */
  restart(workerId: string): Promise<void>
  /**
   * Has the session of a project run what is asked for; resolves with that, when it is ready.
   * @throws UserError why it can't; RpcError where the supervisor is not a project's session
   */
  run(
    params: Partial<ProjectRunParams> & Pick<ProjectRunParams, 'mode' | 'cwd' | 'env'>,
  ): Promise<WorkerInfo[]>
  /** Starts again what was asked for, as it is planned now; resolves with it when it is ready. @throws as `run` */
  renew(toolchain?: string): Promise<WorkerInfo[]>
  /** Takes back what this client asked for and nobody else did; resolves when that is gone. @throws as `run` */
  leave(): Promise<void>
  /** Ends the supervisor; resolves when all its workers are gone. */
  shutdown(): Promise<void>
  close(): void
}

export interface ConnectControlOptions extends ControlPlace {
  signal?: AbortSignal
}

/**
 * Finds the live supervisor of a project.
 * @returns undefined where there is none, whatever a crash or a reboot may have left
 * @throws UserError SUPERVISOR_NOT_ANSWERING, PROTOCOL_VERSION
 */
export async function connectControl(options: ConnectControlOptions): Promise<Controller | undefined> {
  const record = readRecord(layoutFor(options), options.projectRoot)
  return record && findControl(record, options.signal)
}

/** The supervisor of a record; undefined if it is gone, or just going. */
export async function findControl(
  record: ControlRecord,
  signal?: AbortSignal,
): Promise<Controller | undefined> {
  const connection = await connectSocket(record.socket, {signal}).catch(() => undefined)
  signal?.throwIfAborted()
  if (!connection) return undefined
  try {
    const greeting = {protocolVersion, token: record.token}
    const {instance, version} = await initialize<Welcome>(connection, greeting, {
      signal,
      timeout: handshakeTimeout,
    })
    const {pid} = record.process
    return controllerOf(ofAnyRelease(connection, record, version), {instance, version, pid})
  } catch (error) {
    connection.close()
    if (error instanceof IpcError && error.code === 'CONNECTION_CLOSED') return undefined
    throw error instanceof IpcError && error.code === 'REQUEST_TIMEOUT' ? notAnswering(record) : error
  }
}

/** Whether a call was refused since the supervisor does not know it: it is of another release, or another kind. */
export function isUnknownCall(error: unknown): boolean {
  return isUserError(error, otherRelease)
}

/** Whether a supervisor lives and does not answer. */
export function isNotAnswering(error: unknown): error is UserError {
  return isUserError(error, hangs)
}

const hangs = 'SUPERVISOR_NOT_ANSWERING'
const otherRelease = 'SUPERVISOR_OTHER_RELEASE'

/** The part of a connection that a controller uses. */
interface Peer extends Pick<Connection, 'request' | 'onNotification' | 'closed' | 'close'> {
  liveness: Liveness
}

/** A call that the supervisor does not know, being of another release, or hangs at, is rejected with what to do about it. */
function ofAnyRelease(connection: Connection, record: ControlRecord, version: string): Peer {
  const {
    process: {pid},
    root,
  } = record
  const liveness = new Liveness(connection, () => notAnswering(record))
  const ask = async <R>(...[method, params, options]: Parameters<Connection['request']>) => {
    try {
      return await liveness.during(connection.request<R>(method, params, options))
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== RpcCode.methodNotFound) throw error
      throw new UserError({
        code: otherRelease,
        message: `the supervisor of ${root} (process ${pid}, toolversion ${version}) does not know ${method}`,
        hint: 'end it, and start it again with this release: tool stop',
        exitCode: Exit.workerFailed,
      })
    }
  }
  return {
    liveness,
    closed: connection.closed,
    close: reason => connection.close(reason),
    onNotification: (method, schema, handler) => connection.onNotification(method, schema, handler),
    request: <R>(...call: Parameters<Connection['request']>) => quietly(ask<R>(...call)),
  }
}

interface Welcome {
  protocolVersion: number
  instance: string
  version: string
}

function controllerOf(
  connection: Peer,
  {instance, version, pid}: {instance: string; version: string; pid: number},
): Controller {
  const inbox = new Inbox()
  // What our own supervisor sends was checked when its workers sent it.
  const published = unchecked<{seq: number; event: Event}>()
  connection.onNotification('events/publish', published, ({event, seq}) => inbox.take(event, seq))
  const over = Promise.withResolvers<void>()
  connection.onNotification('project/ended', unchecked(), () => over.resolve())
  const close = () => connection.close()
  return {
    instance,
    version,
    pid,
    closed: connection.closed,
    onHung: listener => connection.liveness.listen(listener),
    over: over.promise,
    workers: () => connection.request<WorkerList>('workers/list', {}),
    diagnostics: async () => {
      const {diagnostics} = await connection.request<Pick<Snapshot, 'diagnostics'>>(
        'diagnostics/snapshot',
        {},
      )
      return diagnostics
    },
    logs: (from = {}) => connection.request<LogPage>('workers/logs', from),
    subscribe: async (listener, since) => {
      inbox.hold()
      const subscription = await connection.request<Subscription>('events/subscribe', since ? {since} : {})
      // After whoever awaits this has the result in hand.
      setImmediate(() => inbox.release(listener, subscription.seq))
      return subscription
    },
    spawn: async params => {
      const {worker} = await connection.request<{worker: WorkerInfo}>('workers/spawn', params, patient)
      return worker
    },
    compile: (params, signal) => connection.request<Compiled>('compile', params, {...patient, signal}),
    stop: async id => {
      const {outcome} = await connection.request<{outcome: Outcome}>('workers/shutdown', {id}, patient)
      return outcome
    },
    restart: async id => {
      await connection.request('workers/restart', {id}, patient)
    },
    run: async params =>
      (await connection.request<{workers: WorkerInfo[]}>('project/run', params, patient)).workers,
    renew: async toolchain => {
      const params = toolchain === undefined ? {} : {toolchain}
      return (await connection.request<{workers: WorkerInfo[]}>('project/restart', params, patient)).workers
    },
    leave: async () => {
      await connection.request('project/leave', {}, patient)
    },
    shutdown: async () => {
      await connection.request('supervisor/shutdown', {}, patient)
    },
    close,
    [Symbol.dispose]: close,
  }
}

/** Events on the way to the listener. While a subscription is asked for, they are held back. */
class Inbox {
  #held: {event: Event; seq: number}[] | undefined = []
  #listener: EventListener = () => {}

  take(event: Event, seq: number): void {
    if (this.#held) this.#held.push({event, seq})
    else this.#listener(event, seq)
  }

  hold(): void {
    this.#held ??= []
  }

  /** What an earlier subscription sent up to `after` is not part of the new one. */
  release(listener: EventListener, after: number): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#listener = listener
    for (const {event, seq} of held) if (seq > after) listener(event, seq)
  }
}

function notAnswering({process: {pid}, root}: ControlRecord): UserError {
  return new UserError({
    code: hangs,
    message: `the supervisor of ${root} (process ${pid}) does not answer`,
    hint: 'end it, and all that it runs: tool stop --force',
    exitCode: Exit.workerFailed,
  })
}
