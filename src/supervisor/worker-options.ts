import {basename} from 'node:path'
import {defaultPolicy} from './policy.ts'
import {ownEnvironment, ownFolder} from './surroundings.ts'
import type {Readiness, WorkerOptions, WorkerSpec} from './types.ts'

/** Ms between the polite request to stop and SIGKILL. */
const usualGrace = 5000
/** Ms that a worker has to get ready. */
const usualTimeout = 30_000

/**
 * All that a supervisor has to know of a worker, with what was left out.
 * @param taken whether a worker of that id runs
 */
export function workerSpec(options: WorkerOptions, taken: (id: string) => boolean): WorkerSpec {
  const {file, args = [], cwd = ownFolder(), env = ownEnvironment(), ipc, onConnection, ...rest} = options
  const id = options.id ?? freeId(file, taken)
  const readiness = readinessOf(options.readiness ?? 'spawn')
  const wantsSocket = ipc ?? (readiness.by === 'protocol' || onConnection !== undefined)
  return {
    ...rest,
    id,
    label: options.label ?? id,
    file,
    args,
    cwd,
    env,
    stdin: options.stdin ?? 'none',
    readiness,
    restart: restartOf(options.restart),
    grace: options.grace ?? usualGrace,
    ...(onConnection && {onConnection}),
    ...(wantsSocket && {
      ipc: {
        root: cwd,
        mode: 'serve',
        arguments: [],
        server: {host: '127.0.0.1', port: 0},
        ...(typeof ipc === 'object' && ipc),
      },
    }),
  }
}

function freeId(file: string, taken: (id: string) => boolean): string {
  const name = basename(file).replaceAll(/[\0\n]/g, '_') || 'worker'
  let id = name
  for (let number = 2; taken(id); number++) id = `${name}-${number}`
  return id
}

function readinessOf(readiness: NonNullable<WorkerOptions['readiness']>): Readiness {
  const given = typeof readiness === 'string' ? {by: readiness} : readiness
  return {timeout: usualTimeout, ...given} as Readiness
}

function restartOf(restart: WorkerOptions['restart']): WorkerSpec['restart'] {
  return {...defaultPolicy, ...(typeof restart === 'string' ? {restart} : restart)}
}
