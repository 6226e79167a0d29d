import type {
  AbstractCancellationTokenSource,
  CancellationToken,
  Disposable,
  Message,
  RequestMessage,
} from 'vscode-jsonrpc/node'

/** A request of the peer while its handler runs, as the library's cancellation token. */
export class RunningRequest implements AbstractCancellationTokenSource, CancellationToken {
  readonly id: RequestMessage['id']
  readonly #controller = new AbortController()

  constructor(id: RequestMessage['id']) {
    this.id = id
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get token(): CancellationToken {
    return this
  }

  get isCancellationRequested(): boolean {
    return this.signal.aborted
  }

  onCancellationRequested: CancellationToken['onCancellationRequested'] = listener =>
    onAbort(this.signal, () => listener(undefined))

  cancel(): void {
    this.#controller.abort()
  }

  dispose(): void {}
}

/** The requests of the peer that are being handled, by id. */
export class RunningRequests {
  readonly #running = new Map<RequestMessage['id'], RunningRequest>()

  start(id: RequestMessage['id']): RunningRequest {
    const request = new RunningRequest(id)
    this.#running.set(id, request)
    return request
  }

  end(request: RunningRequest): void {
    if (this.#running.get(request.id) === request) this.#running.delete(request.id)
  }

  cancelAll(): void {
    for (const request of this.#running.values()) request.cancel()
    this.#running.clear()
  }

  /**
   * True if the message was a `$/cancelRequest`; one without a running request is ignored. One that asks for an answer is
   * a request like any other, of a method that nobody has.
   */
  cancelledBy(message: Partial<Message> & {method?: unknown; params?: unknown}): boolean {
    if (message.method !== '$/cancelRequest' || 'id' in message) return false
    const {params} = message
    if (typeof params === 'object' && params !== null && 'id' in params) {
      this.#running.get(params.id as RequestMessage['id'])?.cancel()
    }
    return true
  }
}

function onAbort(signal: AbortSignal, listener: () => unknown): Disposable {
  const call = () => listener()
  signal.addEventListener('abort', call, {once: true})
  return {dispose: () => signal.removeEventListener('abort', call)}
}
