import {IpcError} from '../ipc/errors.ts'
import type {Connection} from '../ipc/types.ts'

/** Ms that a call may take before one looks whether the supervisor still lives, and between such looks. */
const pause = 2000
/** Ms in which a supervisor that lives answers what costs it nothing. */
const patience = 5000

/**
 * What a call comes to, however long it takes what it asks for, while its supervisor answers others meanwhile.
 * @throws what `hung` makes, once it does not
 */
export async function whileAnswering<R>(
  connection: Pick<Connection, 'request'>,
  call: Promise<R>,
  hung: () => Error,
): Promise<R> {
  const done = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    try {
      await connection.request('workers/list', {}, {timeout: patience})
    } catch (error) {
      if (error instanceof IpcError && error.code === 'REQUEST_TIMEOUT') return done.reject(hung())
      // Whatever else it is, the call ends by it, too.
    }
    if (timer !== undefined) wait()
  }
  const wait = () => {
    timer = setTimeout(() => void look(), pause)
  }
  wait()
  try {
    return await Promise.race([call, done.promise])
  } finally {
    clearTimeout(timer)
    timer = undefined
  }
}
