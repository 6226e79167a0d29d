import {messageOf} from '../base/errors.ts'
import type {Connection} from '../ipc/types.ts'
import type {Worker} from './types.ts'
import {workerConnection} from './worker-connection.ts'

/**
 * Hands a worker's connection to the program that wants it. A handler that fails must not take the supervisor with it, nor
 * leave the worker without an answer.
 */
export function introduce(worker: Worker, connection: Connection, tell: (text: string) => void): void {
  try {
    worker.spec.onConnection?.(workerConnection(connection), worker)
  } catch (error) {
    tell(`its onConnection failed: ${messageOf(error)}`)
  }
}
