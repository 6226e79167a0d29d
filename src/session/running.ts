import {ancestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import type {WorkerState} from '../model/event.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {groupUsage} from '../process/usage.ts'
import {type ControlRecord, liveRecords} from '../supervisor/control-record.ts'
import {findControl, isNotAnswering} from '../supervisor/controller.ts'
import {sweepRuns} from '../supervisor/sweep.ts'
import type {WorkerList} from '../supervisor/types.ts'
import {compilerOf} from './servers.ts'

/** A supervisor of this person's, with what it has. */
export interface RunningProject {
  /** The project's root. */
  root: string
  /** The supervisor's process. */
  pid: number
  /** Its release. */
  version: string
  /** Whether it outlives the terminal that it was started in. */
  detached: boolean
  /** Milliseconds since the epoch. */
  started: number
  /** Undefined: the supervisor does not answer. */
  workers: RunningWorker[] | undefined
}

export interface RunningWorker {
  toolchain: string
  version: string
  /** What it is there for; null of a program that is no compiler of the project. */
  mode: WorkerMode | null
  state: WorkerState['kind']
  /** Of its process, the leader of its group; null where there is none at the moment. */
  pid: number | null
  /** Milliseconds that its process is up; null where there is none. */
  uptime: number | null
  /** How often it was started again. */
  restarts: number
  /** Bytes that its whole process group holds; null where the system doesn't tell. */
  memory: number | null
  /** Milliseconds of processor time that its process group took; null where the system doesn't tell. */
  cpuTime: number | null
  /** Where it listens. */
  urls: string[]
}

/** Every supervisor of the home, of all projects, by root. What those who are gone left behind is swept. */
export async function runningProjects(context: Context): Promise<RunningProject[]> {
  const {layout, signal} = context
  await sweepRuns(context)
  const found = await Promise.all(liveRecords(layout).map(record => projectOf(record, signal)))
  return found.filter(one => one !== undefined).sort((a, b) => (a.root < b.root ? -1 : 1))
}

/** The root of the nearest project at or above the working directory that has a supervisor, pins or none. */
export function rootAbove({layout, cwd}: Pick<Context, 'layout' | 'cwd'>): string | undefined {
  const roots = new Set(liveRecords(layout).map(({root}) => root))
  return roots.size === 0 ? undefined : [...ancestors(cwd)].find(directory => roots.has(directory))
}

async function projectOf(record: ControlRecord, signal: AbortSignal): Promise<RunningProject | undefined> {
  const {root, process, version, started, detached = false} = record
  const project = {root, pid: process.pid, version, detached, started}
  try {
    using controller = await findControl(record, signal)
    // It is just going.
    if (controller === undefined) return undefined
    return {...project, workers: describe(await controller.workers())}
  } catch (error) {
    if (isNotAnswering(error)) return {...project, workers: undefined}
    throw error
  }
}

function describe({workers, servers}: WorkerList): RunningWorker[] {
  const usage = groupUsage(workers.flatMap(({pid}) => pid ?? []))
  return workers.map(info => {
    const {memory = null, cpuTime = null} = usage.get(info.pid ?? 0) ?? {}
    return {
      ...compilerOf(info),
      state: info.state.kind,
      pid: info.pid,
      uptime: 'since' in info.state ? Math.max(0, Date.now() - info.state.since) : null,
      restarts: info.restarts,
      memory,
      cpuTime,
      urls: servers.filter(({workerId}) => workerId === info.workerId).map(({url}) => url),
    }
  })
}
