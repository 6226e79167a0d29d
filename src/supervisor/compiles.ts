import {Status, type StatusCode} from '../model/protocol.ts'

interface Result {
  status: StatusCode
}

/** One compile of a worker at a time: who asks meanwhile waits, and may give up waiting. */
export class Compiles {
  #last: Promise<unknown> = Promise.resolve()
  #open = 0

  /** Whether one is under way, or waits. */
  get busy(): boolean {
    return this.#open > 0
  }

  async take(compile: (signal?: AbortSignal) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const cancelled = {status: Status.cancelled}
    const gaveUp = Promise.withResolvers<Result>()
    const onAbort = () => gaveUp.resolve(cancelled)
    const turn = this.#last.then(() => {
      signal?.removeEventListener('abort', onAbort)
      return signal?.aborted ? cancelled : compile(signal)
    })
    this.#open += 1
    this.#last = turn.then(
      () => this.#end(),
      () => this.#end(),
    )
    signal?.addEventListener('abort', onAbort, {once: true})
    if (signal?.aborted) onAbort()
    return Promise.race([turn, gaveUp.promise])
  }

  #end(): void {
    this.#open -= 1
  }
}
