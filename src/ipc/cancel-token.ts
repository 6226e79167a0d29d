import type {CancellationToken, Disposable} from 'vscode-jsonrpc/node'

/** The library's cancellation token for one request of ours; it gets one listener at most, the library's. */
export class CancelToken implements CancellationToken {
  isCancellationRequested = false
  #listener: ((event: unknown) => unknown) | undefined

  onCancellationRequested: CancellationToken['onCancellationRequested'] = (listener): Disposable => {
    this.#listener = listener
    return {
      dispose: () => {
        this.#listener = undefined
      },
    }
  }

  cancel(): void {
    this.isCancellationRequested = true
    this.#listener?.(undefined)
  }
}
