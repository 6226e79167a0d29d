import {z} from 'zod'
import type {LspDiagnostic} from './diagnostic.ts'
import {list} from './list.ts'
import {isAbsoluteUri, maxUriLength} from './uri.ts'

export {maxFrameBytes, protocolVersion, Status, type StatusCode} from './wire.ts'

const status = z.union([z.literal(1), z.literal(2), z.literal(3)])
const position = z.object({line: z.int().min(0), character: z.int().min(0)})
const range = z.object({start: position, end: position})
const uri = z.string().max(maxUriLength).refine(isAbsoluteUri, 'is no absolute URI')
/** What tasks and servers are called. It goes into every snapshot, so it has a limit. */
const name = z.string().max(2048)
/** LSP's own type: what is checked here is what we read, the rest passes as it is. */
const diagnostic = z.looseObject({
  range,
  severity: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
  code: z.union([z.int(), z.string()]).optional(),
  source: z.string().optional(),
  message: z.union([z.string(), z.object({kind: z.enum(['plaintext', 'markdown']), value: z.string()})]),
  relatedInformation: list(
    z.looseObject({location: z.looseObject({uri: z.string(), range}), message: z.string()}),
  ).optional(),
}) as z.ZodType as z.ZodType<LspDiagnostic>

/** What a worker is asked to be. */
const mode = z.enum(['build', 'watch', 'serve'])
export type WorkerMode = z.infer<typeof mode>

// Unknown fields are ignored everywhere (z.object strips them), so that either side may be newer.

/** Worker → supervisor, first message. */
export const initializeParams = z.object({
  protocolVersion: z.int(),
  workerId: z.string(),
  token: z.string(),
  name: z.string(),
  version: z.string(),
  capabilities: z.looseObject({compile: z.boolean().optional(), serve: z.boolean().optional()}).default({}),
})

export const initializeResult = z.object({
  protocolVersion: z.int(),
  /** Absolute path of the project root. */
  root: z.string(),
  mode,
  /** The person's own arguments, after the definition's. */
  arguments: z.array(z.string()),
  /** What the server was asked to bind; port 0 means any. */
  server: z.object({host: z.string(), port: z.int()}),
})

export const publishDiagnosticsParams = z.object({
  uri,
  diagnostics: list(diagnostic),
  /** True: replaces what was known of this file; false: adds to it. */
  reset: z.boolean().default(true),
  taskId: name.optional(),
})

export const taskStartParams = z.object({taskId: name, title: name})
export const taskProgressParams = z.object({
  taskId: name,
  message: z.string().max(65_536).optional(),
  progress: z.number().optional(),
  total: z.number().optional(),
})
export const taskFinishParams = z.object({taskId: name, status})

export const serverListeningParams = z.object({
  url: name,
  /** The address that it is bound to; where that is a wildcard, `url` is one that can be visited. */
  host: name,
  port: z.int().min(1).max(65_535),
  protocol: z.enum(['http', 'https']),
})
export const serverClosedParams = z.object({url: name})

export const logMessageParams = z.object({
  level: z.enum(['error', 'warning', 'info', 'debug']),
  message: z.string(),
})

/** Supervisor → worker. */
export const compileParams = z.object({taskId: z.string(), arguments: z.array(z.string())})
export const compileResult = z.object({status})
export const filesChangedParams = z.object({
  changes: z.array(z.object({uri: z.string(), type: z.union([z.literal(1), z.literal(2), z.literal(3)])})),
})

/** Controller → supervisor. */
export const controllerInitializeParams = z.object({protocolVersion: z.int(), token: z.string()})
export const workerIdParams = z.object({id: z.string()})
/** To have a worker compile; `taskId` is what its events will tell of it. */
export const compileWorkerParams = compileParams.extend({
  id: z.string(),
  /** Only if this is still its process. */
  pid: z.int().optional(),
  taskId: name,
})
export const spawnParams = z.object({
  /** Stable across restarts; no other running worker has it. */
  id: z.string().regex(/^[^\0\n]{1,256}$/),
  /** What people call it; the id unless given. */
  label: z
    .string()
    .regex(/^[^\0\n]{1,256}$/)
    .optional(),
  command: z.string().min(1),
  args: list(z.string()).optional(),
  /** Relative to the project's root, which it is unless given. */
  cwd: z.string().optional(),
  /** The whole environment. */
  env: z.record(z.string(), z.string()).optional(),
  restart: z.enum(['permanent', 'transient', 'temporary']).optional(),
  /** Ms between the polite request to stop and SIGKILL. */
  grace: z.int().min(0).optional(),
})
export const workersLogsParams = z.object({offset: z.int().min(0).optional(), id: z.string().optional()})
export const subscribeParams = z.object({
  since: z.object({instance: z.string(), seq: z.int().min(0)}).optional(),
})

/** Controller → the session of a project. */
export const projectRunParams = z.object({
  mode,
  /** Only this toolchain; without it all that the project pins and that have the mode. */
  toolchain: z.string().optional(),
  /** After those of tool.json. */
  args: list(z.string()).prefault([]),
  /** What a server is to bind; tool.json says it otherwise. */
  host: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  /** Whether what is printed will be seen on a terminal that has colours. */
  color: z.boolean().default(false),
  /** Where pins are looked for. */
  cwd: z.string(),
  /** The whole environment of who asks. */
  env: z.record(z.string(), z.string()),
  /** Whether it stays when the connection ends. */
  stay: z.boolean().default(false),
})
export const projectRestartParams = z.object({toolchain: z.string().optional()})

export type InitializeParams = z.infer<typeof initializeParams>
export type InitializeResult = z.infer<typeof initializeResult>
export type PublishDiagnosticsParams = z.infer<typeof publishDiagnosticsParams>
export type TaskStartParams = z.infer<typeof taskStartParams>
export type TaskProgressParams = z.infer<typeof taskProgressParams>
export type TaskFinishParams = z.infer<typeof taskFinishParams>
export type ServerListeningParams = z.infer<typeof serverListeningParams>
export type ServerClosedParams = z.infer<typeof serverClosedParams>
export type LogMessageParams = z.infer<typeof logMessageParams>
export type CompileParams = z.infer<typeof compileParams>
export type CompileWorkerParams = z.infer<typeof compileWorkerParams>
export type CompileResult = z.infer<typeof compileResult>
export type FilesChangedParams = z.infer<typeof filesChangedParams>
export type SpawnParams = z.infer<typeof spawnParams>
export type SubscribeParams = z.infer<typeof subscribeParams>
export type ProjectRunParams = z.infer<typeof projectRunParams>

/** What a worker says on its own, whichever driver made it speak. */
export const workerMessages = {
  'diagnostics/publish': publishDiagnosticsParams,
  'task/start': taskStartParams,
  'task/progress': taskProgressParams,
  'task/finish': taskFinishParams,
  'server/listening': serverListeningParams,
  'server/closed': serverClosedParams,
  'log/message': logMessageParams,
} as const

export type WorkerMessage = {
  [M in keyof typeof workerMessages]: {method: M; params: z.infer<(typeof workerMessages)[M]>}
}[keyof typeof workerMessages]
