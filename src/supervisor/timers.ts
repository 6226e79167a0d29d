import type {Clock} from '../process/clock.ts'

/** Timers that are taken back together. */
export class Timers {
  readonly #clock: Clock
  readonly #cancels = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  after(ms: number, callback: () => void): void {
    const cancel = this.#clock.setTimeout(() => {
      this.#cancels.delete(cancel)
      callback()
    }, ms)
    this.#cancels.add(cancel)
  }

  cancel(): void {
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }
}
