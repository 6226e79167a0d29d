/*
 * Theory of operation
 *
 * A connection is a stream of bytes, a FrameReader and a FrameWriter on it, and vscode-jsonrpc's message connection
 * between them, which matches answers to requests. Four things are done differently from what that library would do:
 *
 * 1. Reading never waits for writing. The reader knows nothing of the writer: two sides that flood each other both
 *    go on reading, so neither's writes can stay blocked. What is bounded instead is the writer's queue.
 * 2. Memory is bounded in both directions. Incoming messages stay bytes until the one before was dispatched, and
 *    the stream is paused while there are many; the library's own queue, which has no bound, gets only a wake-up
 *    call a batch. Outgoing frames wait in a queue while the peer doesn't read; `notify` resolves when there is room,
 *    and past a limit the peer counts as stalled and is dropped.
 * 3. A peer that breaks the framing loses this connection; nothing it sends can end the process. A message that fits
 *    no handler is answered (requests) or told to `onProblem` (notifications).
 * 4. Everything ends: requests have time-outs, a closed connection rejects what is pending and aborts the signals of
 *    handlers that still run, and frames that had arrived before the end are dispatched first.
 *
 * Order: messages are dispatched in the order in which they were sent, notifications and requests alike. Handlers
 * of requests may be async and then run side by side.
 */
import type {Duplex} from 'node:stream'
import {
  createMessageConnection,
  ErrorCodes,
  Message,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node'
import {deferred} from '../base/deferred.ts'
import {asError, IpcError, RpcCode} from './errors.ts'
import {FrameReader} from './frame-reader.ts'
import {FrameWriter, quietly} from './frame-writer.ts'
import {Handlers} from './handlers.ts'
import {request, type Send} from './request.ts'
import {type RunningRequest, RunningRequests} from './running-requests.ts'
import type {Connection, ConnectionOptions, RequestOptions, Schema} from './types.ts'

const defaultMaxQueuedBytes = 64 * 1024 * 1024
/** Ms without any progress after which a peer that does not take what was sent before a close has had its chance. */
const closeGrace = 1_000

/** A connection over a stream of bytes; the stream belongs to it from here on. */
export function connectStream(stream: Duplex, options: ConnectionOptions = {}): Connection {
  return new StreamConnection(stream, options)
}

/** Looks at a message before anybody else; false if it must go no further. */
export type Gate = (message: object) => boolean

export class StreamConnection implements Connection {
  readonly closed: Promise<Error | undefined>
  /** Set until the peer has shown who it is. */
  gate: Gate | undefined
  readonly #stream: Duplex
  readonly #reader: FrameReader
  readonly #writer: FrameWriter
  readonly #rpc: MessageConnection
  readonly #running = new RunningRequests()
  readonly #handlers: Handlers
  readonly #resolveClosed: (reason: Error | undefined) => void
  #streamError: Error | undefined
  #closeTimer: NodeJS.Timeout | undefined
  #lastReason: Error | undefined
  #gone: IpcError | undefined

  constructor(stream: Duplex, {maxQueuedBytes = defaultMaxQueuedBytes, onProblem}: ConnectionOptions) {
    const {promise, resolve} = deferred<Error | undefined>()
    this.closed = promise
    this.#resolveClosed = resolve
    this.#stream = stream
    this.#reader = new FrameReader(stream, error => this.#refuse(asError(error)))
    this.#writer = new FrameWriter(stream, maxQueuedBytes, error => this.#finish(error))
    this.#handlers = new Handlers(this.#running, onProblem ?? (() => {}))
    this.#rpc = createMessageConnection(this.#reader, this.#writer, undefined, {
      cancellationStrategy: {
        sender: {sendCancellation: (_rpc, id) => this.notify('$/cancelRequest', {id}), cleanup() {}},
        receiver: {kind: 'request', createCancellationTokenSource: ({id}) => this.#running.start(id)},
      },
      messageStrategy: {
        handleMessage: (_wakeUp, next) => this.#reader.drain(message => this.#dispatch(message, next)),
      },
    })
    this.#rpc.onRequest((method, params, token) =>
      this.#handlers.answer(method, params, token as RunningRequest),
    )
    this.#rpc.onNotification((method, params) => this.#handlers.take(method, params))
    stream.on('error', error => {
      this.#streamError ??= error
    })
    stream.on('drain', () => this.#closeTimer?.refresh())
    stream.on('end', () => this.#reader.whenIdle(() => this.close()))
    stream.on('close', () => {
      // What arrived before the end still counts: the last words of a compiler that died, above all.
      this.#reader.whenIdle(() => this.#finish(this.#streamError))
    })
    this.#rpc.listen()
  }

  request<R>(method: string, params: object, options: RequestOptions = {}): Promise<R> {
    const send: Send = async token => {
      if (this.#gone) throw this.#gone
      try {
        return await this.#rpc.sendRequest(method, params, token)
      } catch (error) {
        throw isPendingRejected(error) && this.#gone ? this.#gone : error
      }
    }
    return quietly(request(send, method, options) as Promise<R>)
  }

  notify(method: string, params: object): Promise<void> {
    return this.#writer.write({jsonrpc: '2.0', method, params} as Message)
  }

  onRequest<P>(
    method: string,
    schema: Schema<P>,
    handler: (params: P, signal: AbortSignal) => unknown,
  ): void {
    this.#handlers.onRequest(method, schema, handler)
  }

  onNotification<P>(method: string, schema: Schema<P>, handler: (params: P) => void): void {
    this.#handlers.onNotification(method, schema, handler)
  }

  close(reason?: Error): void {
    if (reason) this.#finish(reason)
    if (this.#gone || this.#closeTimer) return
    this.#reader.stop()
    this.#writer.end()
    this.#closeTimer = setTimeout(() => this.#finish(undefined), closeGrace)
  }

  /** Dispatches nothing more, and closes once the answer that is being given was sent. */
  closeAfterReply(reason: Error): void {
    this.#reader.stop()
    this.#lastReason = reason
    setImmediate(() => this.close())
  }

  /** Largest frame taken from the peer from here on, in bytes. */
  set frameLimit(bytes: number) {
    this.#reader.parser.limit = bytes
  }

  #dispatch(message: object, next: (message: Message) => unknown): void {
    try {
      if (this.gate && !this.gate(message)) return
    } catch (error) {
      this.#finish(asError(error))
      return
    }
    if (this.#running.cancelledBy(message)) return
    const known = message as Message
    if (!Message.isRequest(known) && !Message.isNotification(known) && !Message.isResponse(known)) {
      const what = 'neither a request, nor a notification, nor a response'
      const error = {code: RpcCode.invalidRequest, message: what}
      this.#writer.write({jsonrpc: '2.0', id: null, error} as Message)
    }
    // The library's promise is rejected if a reply can't be sent; the connection's end tells that already.
    quietly(Promise.resolve(next(known)))
  }

  /** A broken frame is the peer's last; it is told why, if it has shown who it is. */
  #refuse(error: Error): void {
    if (this.gate) {
      this.#finish(error)
      return
    }
    const {parseError: code} = RpcCode
    this.#writer.write({jsonrpc: '2.0', id: null, error: {code, message: error.message}} as Message)
    this.closeAfterReply(error)
  }

  #finish(why: Error | undefined): void {
    if (this.#gone) return
    // What comes after the reason to end is only its consequence.
    const reason = this.#lastReason ?? why
    const because = reason === undefined ? '' : `: ${reason.message}`
    this.#gone = new IpcError('CONNECTION_CLOSED', `the connection was closed${because}`, reason)
    clearTimeout(this.#closeTimer)
    this.#reader.stop()
    this.#writer.fail(this.#gone)
    this.#rpc.dispose()
    this.#running.cancelAll()
    this.#stream.destroy()
    this.#resolveClosed(reason)
  }
}

function isPendingRejected(error: unknown): boolean {
  return error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected
}
