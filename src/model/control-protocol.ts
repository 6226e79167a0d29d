import {z} from 'zod'
import type {Event, Exit, Snapshot, WorkerInfo, WorkerState} from './event.ts'
import {
  compileResult,
  logMessageParams,
  publishDiagnosticsParams,
  serverClosedParams,
  serverListeningParams,
  taskFinishParams,
  taskProgressParams,
  taskStartParams,
} from './protocol.ts'

/*
 * What a supervisor tells its controllers, as schemas of the types in event.ts: for the published JSON Schemas, and
 * for controllers that don't trust what they read. Our own sends only what it checked when it came.
 */

const time = z.number()
const pid = z.int()
const failureReason = z.enum(['gave-up', 'final-exit', 'cannot-spawn', 'not-ready', 'protocol-error'])

const exit = z.object({
  at: time,
  code: z.int().nullable(),
  signal: z.string().nullable(),
  failure: z
    .object({
      code: z.enum(['WORKER_CANNOT_START', 'WORKER_NOT_READY', 'WORKER_PROTOCOL_ERROR']),
      message: z.string(),
      hint: z.string().exactOptional(),
    })
    .exactOptional(),
}) satisfies z.ZodType<Exit>

const workerState = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('starting'), since: time, pid: pid.nullable(), restarts: z.int()}),
  z.object({kind: z.literal('connected'), since: time, pid}),
  z.object({kind: z.literal('ready'), since: time, pid}),
  z.object({kind: z.literal('backoff'), until: time, attempt: z.int(), exit}),
  z.object({kind: z.literal('idle'), since: time, exit}),
  z.object({kind: z.literal('stopping'), pid: pid.nullable(), deadline: time}),
  z.object({kind: z.literal('stopped'), exit: exit.optional()}),
  z.object({kind: z.literal('failed'), reason: failureReason, exit}),
]) as z.ZodType<unknown> as z.ZodType<WorkerState>

const workerInfo = z.object({
  workerId: z.string(),
  label: z.string(),
  state: workerState,
  pid: pid.nullable(),
  restarts: z.int(),
}) satisfies z.ZodType<WorkerInfo>

const who = {workerId: z.string(), label: z.string()}

const event = z.discriminatedUnion('type', [
  z.object({...who, type: z.literal('worker/state'), state: workerState}),
  z.object({...who, type: z.literal('worker/removed')}),
  z.object({...who, type: z.literal('worker/note'), ...logMessageParams.shape}),
  z.object({...who, type: z.literal('diagnostics/publish'), ...publishDiagnosticsParams.shape}),
  z.object({...who, type: z.literal('task/start'), ...taskStartParams.shape}),
  z.object({...who, type: z.literal('task/progress'), ...taskProgressParams.shape}),
  z.object({...who, type: z.literal('task/finish'), ...taskFinishParams.shape}),
  z.object({...who, type: z.literal('server/listening'), ...serverListeningParams.shape}),
  z.object({...who, type: z.literal('server/closed'), ...serverClosedParams.shape}),
  z.object({...who, type: z.literal('files/changed'), at: time, count: z.int().min(1)}),
]) satisfies z.ZodType<Event>

const snapshot = z.object({
  workers: z.array(workerInfo),
  servers: z.array(z.object({...who, ...serverListeningParams.shape})),
  tasks: z.array(z.object({...who, ...taskStartParams.shape})),
  diagnostics: z.array(z.object({...who, ...publishDiagnosticsParams.shape})),
}) satisfies z.ZodType<Snapshot>

export const controllerInitializeResult = z.object({
  protocolVersion: z.int(),
  /** Unique name of this supervisor: event numbers count in it alone. */
  instance: z.string(),
  /** Its release. */
  version: z.string(),
})

export const workersListResult = snapshot.pick({workers: true, servers: true})
/** How it went, and what the worker has to say of all files then. */
export const compileWorkerResult = compileResult.extend({
  diagnostics: snapshot.shape.diagnostics,
})
export const workersSpawnResult = z.object({worker: workerInfo})
/** What was asked for, when it is ready. */
export const projectWorkersResult = z.object({workers: z.array(workerInfo)})
export const workersLogsResult = z.object({
  lines: z.array(
    z.object({
      ...who,
      /** Its number among the lines of all workers, from 0. */
      offset: z.int().min(0),
      at: time,
      stream: z.enum(['stdout', 'stderr', 'log']),
      level: logMessageParams.shape.level.optional(),
      text: z.string(),
    }),
  ),
  /** The number to ask from next. */
  next: z.int().min(0),
})
export const diagnosticsSnapshotResult = snapshot.pick({diagnostics: true})
export const subscribeResult = z.object({
  instance: z.string(),
  /** The number of the last event that the subscriber knows, with the snapshot if there is one. */
  seq: z.int().min(0),
  snapshot: snapshot.optional(),
})
export const publishEventParams = z.object({seq: z.int().min(1), event})

export const workerOutcomeResult = z.object({
  outcome: z.discriminatedUnion('kind', [
    z.object({kind: z.literal('exited'), exit}),
    z.object({kind: z.literal('stopped'), exit: exit.optional()}),
    z.object({kind: z.literal('failed'), reason: failureReason, exit}),
  ]),
})
