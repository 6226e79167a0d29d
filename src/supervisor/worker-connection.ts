import type {Connection, RequestOptions, Schema} from '../ipc/types.ts'
import {unchecked} from '../ipc/unchecked.ts'
import {workerMessages} from '../model/protocol.ts'

/**
 * The socket of one process of a worker, for methods beside those of the protocol. Each side may call the other while
 * it is being called. Handlers are registered once a method, in the tick in which the connection was received.
 */
export interface WorkerConnection {
  /**
   * Resolves with the worker's result, unchecked.
   * @throws RpcError what it answered instead (UserError if it was one there)
   * @throws IpcError CONNECTION_CLOSED, REQUEST_TIMEOUT (after 30 s unless told otherwise), MESSAGE_UNSENDABLE
   */
  request<R = unknown>(method: string, params?: object, options?: RequestOptions): Promise<R>
  /** Resolves when there is room for more. @throws IpcError CONNECTION_CLOSED, MESSAGE_UNSENDABLE */
  notify(method: string, params?: object): Promise<void>
  /**
   * Answers the worker's requests with what the handler returns, or resolves with; an RpcError or UserError that it throws is
   * the answer, anything else an InternalError. The signal is aborted when the worker takes its request back.
   * @throws Error if the method is the supervisor's own
   */
  onRequest<P = unknown>(method: string, handler: (params: P, signal: AbortSignal) => unknown): void
  /** The same; parameters that the schema (zod's, or of its shape) refuses are answered with InvalidParams. */
  onRequest<P>(method: string, schema: Schema<P>, handler: (params: P, signal: AbortSignal) => unknown): void
  /** @throws Error if the method is the supervisor's own */
  onNotification<P = unknown>(method: string, handler: (params: P) => void): void
  /** The same; what the schema refuses is dropped. */
  onNotification<P>(method: string, schema: Schema<P>, handler: (params: P) => void): void
  /** Resolves when it is gone, with the reason if it was closed for one. */
  readonly closed: Promise<Error | undefined>
}

/** What a worker says to the supervisor itself. */
const own: ReadonlySet<string> = new Set(['initialize', ...Object.keys(workerMessages)])

export function workerConnection(connection: Connection): WorkerConnection {
  return {
    request: (method, params = {}, options) => connection.request(method, params, options),
    notify: (method, params = {}) => connection.notify(method, params),
    onRequest: <P>(method: string, ...rest: Handling<P, [AbortSignal]>) => {
      const [schema, handler] = handlingOf(method, rest)
      connection.onRequest(method, schema, handler)
    },
    onNotification: <P>(method: string, ...rest: Handling<P, []>) => {
      const [schema, handler] = handlingOf(method, rest)
      connection.onNotification(method, schema, params => void handler(params))
    },
    closed: connection.closed,
  }
}

type Handler<P, A extends unknown[]> = (params: P, ...rest: A) => unknown
type Handling<P, A extends unknown[]> = [Handler<P, A>] | [Schema<P>, Handler<P, A>]

function handlingOf<P, A extends unknown[]>(
  method: string,
  handling: Handling<P, A>,
): [Schema<P>, Handler<P, A>] {
  if (own.has(method)) throw new Error(`${method} is what a worker says to the supervisor itself`)
  return handling.length === 1 ? [unchecked<P>(), handling[0]] : handling
}
