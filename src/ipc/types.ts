/** What checks the parameters of a message: a zod schema, or anything of its shape. */
export interface Schema<T> {
  safeParse(value: unknown): {success: true; data: T} | {success: false; error: SchemaError}
}

/** The part of zod's error that is told to the peer. */
interface SchemaError {
  message: string
  issues?: readonly {path: readonly PropertyKey[]; message: string}[]
}

export interface RequestOptions {
  /** Aborting sends `$/cancelRequest`; the peer's answer still counts if it comes within `cancelGrace` ms. */
  signal?: AbortSignal | undefined
  /** Ms until the request is cancelled and rejected; default 30,000; `Infinity` for none. */
  timeout?: number | undefined
  /** Ms that the peer has to answer a cancelled request before it is rejected with the signal's reason; default 5,000. */
  cancelGrace?: number | undefined
}

/**
 * One end of a full-duplex JSON-RPC connection.
 * Register handlers in the same tick in which the connection was received: messages are dispatched from the next one on.
 */
export interface Connection {
  /**
   * Resolves with the peer's result, unchecked.
   * @throws RpcError what the peer answered instead (UserError if it was one there)
   * @throws IpcError CONNECTION_CLOSED, REQUEST_TIMEOUT, MESSAGE_UNSENDABLE
   * @throws the signal's reason, if it was aborted and the peer gave no result
   */
  request<R>(method: string, params: object, options?: RequestOptions): Promise<R>
  /**
   * Resolves when the message was handed on and there is room for more: who awaits it never overfills the queue.
   * Ignoring the promise is safe: its rejection is never reported as unhandled.
   * @throws IpcError CONNECTION_CLOSED, MESSAGE_UNSENDABLE
   */
  notify(method: string, params: object): Promise<void>
  /** What the handler throws is the answer: RpcError and UserError as they are, others as InternalError. */
  onRequest<P>(method: string, schema: Schema<P>, handler: (params: P, signal: AbortSignal) => unknown): void
  onNotification<P>(method: string, schema: Schema<P>, handler: (params: P) => void): void
  /** Resolves, with the reason if it was closed for one, when the connection is gone. Never rejects. */
  readonly closed: Promise<Error | undefined>
  /** Without a reason what was handed in before is still sent, while the peer takes some each second; with one it ends at once. */
  close(reason?: Error): void
}

/** What the first message of every connection carries. */
export interface Greeting {
  protocolVersion: number
  token: string
}

/** The door of a listening socket: nobody gets in, or learns anything, without the right token. */
export interface Handshake<P extends Greeting> {
  schema: Schema<P>
  /** The token that this peer must show; undefined where nobody of that name is expected. */
  tokenFor(params: P): string | undefined
  /**
   * Called once a connection, in the tick in which its token was found right: registers the handlers and returns
   * the result of `initialize` without its `protocolVersion`. A throw is the answer, and ends the connection.
   */
  welcome(connection: Connection, params: P): object
  /** Ms that a connection has to say `initialize`; default 10,000. */
  timeout?: number | undefined
}

export interface ConnectionOptions {
  /** Bytes waiting for a peer that doesn't read, above which the connection is closed; default 64 MiB. */
  maxQueuedBytes?: number | undefined
  /** Told of what is wrong with the peer but no reason to end: a notification that doesn't fit its schema, a failing handler. */
  onProblem?: ((problem: Error) => void) | undefined
}

export interface ListenOptions<P extends Greeting> extends ConnectionOptions {
  /** The folder of the socket: made private (0700). Where its path would be too long, one below the temporary folder is used. */
  directory: string
  /** File name of the socket. On Windows the pipe's name is random. */
  name: string
  /** It has to be there and nowhere else, and the folder has to be private already, unless it is missing. */
  exact?: boolean | undefined
  handshake: Handshake<P>
  /** Told why a connection ended that was never let in, where it was for a fault of the peer. */
  onRefused?: ((reason: Error) => void) | undefined
  /** Connections that have not said `initialize` yet; of more the oldest are closed soon; default 256. */
  maxWaiting?: number | undefined
}

export interface Listening extends AsyncDisposable {
  /** What a peer connects to: path of the socket, or name of the pipe. */
  readonly path: string
  /** Stops listening, removes the socket and closes every connection. May be called twice. */
  close(): Promise<void>
}
