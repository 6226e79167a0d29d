import {IpcError} from '../ipc/errors.ts'
import type {Exit} from '../model/event.ts'
import {type CompileParams, Status, type StatusCode} from '../model/protocol.ts'
import type {Run} from './run.ts'

/**
 * Has one process of a worker compile; its task is finished whatever happens.
 * @param ended the error for a process that ends before it answers
 */
export async function askRun(
  run: Run,
  params: CompileParams,
  signal: AbortSignal | undefined,
  ended: (exit: Exit) => Error,
): Promise<{status: StatusCode}> {
  const finish = (status: StatusCode) => {
    run.messages.finish(params.taskId, status)
    return {status}
  }
  try {
    const {status} = await run.compile(params, signal)
    return finish(status)
  } catch (error) {
    if (signal?.aborted) return finish(Status.cancelled)
    finish(Status.error)
    if (!(error instanceof IpcError) || error.code !== 'CONNECTION_CLOSED') throw error
    const exit = await run.ended
    throw exit ? ended(exit) : error
  }
}
