import {resolve} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import {quoted} from '../base/quoted.ts'
import {hasEnded} from '../model/event.ts'
import type {SpawnParams} from '../model/protocol.ts'
import {defaultPolicy} from './policy.ts'
import type {Supervisor, Worker, WorkerSpec} from './types.ts'

/** Ms between the polite request to stop and SIGKILL, unless the client says otherwise. */
const usualGrace = 5000

/**
 * Starts what a client of the control socket asks for; resolves when its process runs.
 * @param root what a relative folder is below, and where it runs by default
 * @throws UserError WORKER_RUNS_ALREADY, WORKER_CANNOT_START
 */
export async function spawnWorker(
  supervisor: Supervisor,
  params: SpawnParams,
  root: string,
): Promise<Worker> {
  const before = supervisor.get(params.id)
  if (before && !hasEnded(before.info)) {
    throw new UserError({
      code: 'WORKER_RUNS_ALREADY',
      message: `there is a worker ${quoted(params.id)} already`,
      hint: 'stop it first, or take another id',
      exitCode: Exit.usage,
    })
  }
  const worker = supervisor.start(specOf(params, root))
  await worker.ready()
  return worker
}

function specOf(params: SpawnParams, root: string): WorkerSpec {
  const {id, label = id, command, args = [], cwd = '.', env = {}, restart = 'temporary', grace} = params
  return {
    id,
    label,
    file: command,
    args,
    cwd: resolve(root, cwd),
    env,
    stdin: 'none',
    readiness: {by: 'spawn'},
    restart: {...defaultPolicy, restart},
    grace: grace ?? usualGrace,
  }
}
