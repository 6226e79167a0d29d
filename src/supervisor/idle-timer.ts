import type {Clock} from '../process/clock.ts'

/** Calls back once nothing was done for long. */
export class IdleTimer {
  readonly #clock: Clock
  readonly #timeout: number | undefined
  readonly #onIdle: () => void
  #cancel: () => void = () => {}

  /** @param timeout in ms; undefined: never */
  constructor(clock: Clock, timeout: number | undefined, onIdle: () => void) {
    this.#clock = clock
    this.#timeout = timeout
    this.#onIdle = onIdle
  }

  /** Nothing is done from now on. */
  start(): void {
    this.cancel()
    if (this.#timeout !== undefined) this.#cancel = this.#clock.setTimeout(this.#onIdle, this.#timeout)
  }

  cancel(): void {
    this.#cancel()
  }
}
