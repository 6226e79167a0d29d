import type {Context} from '../base/context.ts'
import {ownEnvironment} from '../driver/environment.ts'
import type {Target} from '../driver/target.ts'
import type {WorkerMode} from '../model/protocol.ts'
import type {PlannedWorker, Planner, RunRequest, SessionOptions} from './types.ts'

/** What somebody wants to have run, with what it comes to at the moment. */
export interface RunWish {
  /** Those that don't have the mode are left out. */
  targets: readonly Target[]
  /** The one that was asked for; undefined: all of the project's. */
  toolchain?: string | undefined
  /** The person's own arguments, after those of tool.json. */
  args?: readonly string[] | undefined
  /** Wished on the command line, for servers; tool.json comes next, then 127.0.0.1. */
  host?: string | undefined
  /** Wished on the command line, for servers; tool.json comes next, then 0, which means any. */
  port?: number | undefined
  /** Whether raw output will be seen on a terminal that has colours. */
  color?: boolean
}

/** What a session is opened for, by the library as by the command line. */
export interface SessionWish extends Omit<SessionOptions, 'plan'>, RunWish {
  /** How others who join are served, and what changes with the pins; by default there is what `targets` says, and nothing else. */
  plan?: SessionOptions['plan'] | undefined
}

/** What somebody here asks for, in words that another process understands. */
export function runRequest(
  {cwd, env}: Context,
  mode: WorkerMode,
  {targets, toolchain, args = [], host, port, color = false}: RunWish,
): RunRequest {
  const [only, ...others] = targets.map(({definition: {name}}) => name)
  return {
    mode,
    toolchain: toolchain ?? (others.length === 0 ? only : undefined),
    args,
    host,
    port,
    color,
    cwd,
    env: ownEnvironment(env),
  }
}

/** Plans nothing but what was planned. */
export function fixedPlan(mode: WorkerMode, planned: readonly PlannedWorker[]): Planner {
  return async request =>
    request.mode === mode
      ? planned.filter(({spec}) => request.toolchain === undefined || spec.label === request.toolchain)
      : []
}
