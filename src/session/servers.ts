import type {Context} from '../base/context.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Snapshot, WorkerInfo, WorkerState} from '../model/event.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {connectControl} from '../supervisor/controller.ts'
import type {WorkerList} from '../supervisor/types.ts'
import type {RunningServer, RunRequest} from './types.ts'

/** The servers of a project that listen now, whoever started them; none where nothing is served. */
export async function servers(context: Context, root: string): Promise<RunningServer[]> {
  return (await whatRuns(context, root)).servers
}

/** What runs for a project, whoever started it. */
export async function whatRuns({layout, signal}: Context, root: string): Promise<WhatRuns> {
  using controller = await connectControl({layout, projectRoot: root, signal})
  if (controller === undefined) return {servers: [], others: []}
  return sortOut(await controller.workers())
}

/** The servers of a list, and the workers without one. */
export function sortOut({workers, servers}: WorkerList): WhatRuns {
  const serving = new Set(servers.map(({workerId}) => workerId))
  const others = workers.filter(({workerId}) => !serving.has(workerId))
  return {
    servers: servers.map(runningServer),
    others: others.map(info => ({...compilerOf(info), state: info.state.kind})),
  }
}

export interface WhatRuns {
  /** Those that listen. */
  servers: RunningServer[]
  /** Those that don't: watchers, what is kept for builds, servers that are not there yet or any more. */
  others: OtherWorker[]
}

export interface OtherWorker {
  toolchain: string
  version: string
  /** What it is there for; null of a program that is no compiler of the project. */
  mode: WorkerMode | null
  state: WorkerState['kind']
}

/** A server as a supervisor tells of it. */
export function runningServer(server: Snapshot['servers'][number]): RunningServer {
  const {url, host, port} = server
  return {...nameOf(server), url, host, port}
}

/** What people call a worker; its id has the version. */
export function nameOf({
  workerId,
  label,
}: Pick<WorkerInfo, 'workerId' | 'label'>): Pick<RunningServer, 'toolchain' | 'version'> {
  const {toolchain = label, version = ''} = readWorkerId(workerId) ?? {}
  return {toolchain, version}
}

/** What a worker is there for; `mode` is null of a program that is no compiler of the project. */
export function compilerOf(info: Pick<WorkerInfo, 'workerId' | 'label'>): {
  toolchain: string
  version: string
  mode: WorkerMode | null
} {
  return {...nameOf(info), mode: readWorkerId(info.workerId)?.mode ?? null}
}

/** Whether it is about what was asked for; without a request everything is. */
export function concerns({workerId}: Pick<WorkerInfo, 'workerId'>, request: RunRequest | undefined): boolean {
  return request === undefined || readWorkerId(workerId)?.mode === request.mode
}
