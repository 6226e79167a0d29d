import {UserError} from '../base/errors.ts'
import {quoted} from '../base/quoted.ts'
import {asError, RpcCode, RpcError, toReply} from './errors.ts'
import type {RunningRequest, RunningRequests} from './running-requests.ts'
import type {Schema} from './types.ts'

interface Handler<A extends unknown[]> {
  schema: Schema<unknown>
  handle(params: unknown, ...rest: A): unknown
}

/** What one side of a connection does with the peer's messages, by method. */
export class Handlers {
  readonly #requests = new Map<string, Handler<[AbortSignal]>>()
  readonly #notifications = new Map<string, Handler<[]>>()
  readonly #running: RunningRequests
  readonly #onProblem: (problem: Error) => void

  constructor(running: RunningRequests, onProblem: (problem: Error) => void) {
    this.#running = running
    this.#onProblem = onProblem
  }

  onRequest<P>(
    method: string,
    schema: Schema<P>,
    handler: (params: P, signal: AbortSignal) => unknown,
  ): void {
    this.#requests.set(method, {schema, handle: (params, signal) => handler(params as P, signal)})
  }

  onNotification<P>(method: string, schema: Schema<P>, handler: (params: P) => void): void {
    this.#notifications.set(method, {schema, handle: params => handler(params as P)})
  }

  /** Resolves with the result; rejects with the error reply. */
  async answer(method: string, params: unknown, request: RunningRequest): Promise<unknown> {
    try {
      const handler = this.#requests.get(method)
      if (!handler) throw new RpcError(RpcCode.methodNotFound, `${quoted(method)} is no method here`)
      return await handler.handle(parse(handler.schema, method, params), request.signal)
    } catch (error) {
      const expected = error instanceof RpcError || error instanceof UserError || request.signal.aborted
      if (!expected) this.#onProblem(asError(error))
      throw toReply(error, request.signal.aborted)
    } finally {
      this.#running.end(request)
    }
  }

  /** A notification that nobody waits for is ignored, as the protocol says. */
  take(method: string, params: unknown): void {
    const handler = this.#notifications.get(method)
    if (!handler) return
    try {
      handler.handle(parse(handler.schema, method, params))
    } catch (error) {
      this.#onProblem(asError(error))
    }
  }
}

function parse(schema: Schema<unknown>, method: string, params: unknown): unknown {
  const parsed = schema.safeParse(params ?? {})
  if (parsed.success) return parsed.data
  const {issues, message} = parsed.error
  const [issue] = issues ?? []
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw new RpcError(RpcCode.invalidParams, `${quoted(method)}: ${where}${issue?.message ?? message}`)
}
