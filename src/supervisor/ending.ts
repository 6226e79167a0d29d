import type {Connection} from '../ipc/types.ts'
import type {Clock} from '../process/clock.ts'
import {type ProcessGroup, stopGroup} from '../process/group.ts'
import {Timers} from './timers.ts'

/** How one process group comes to its end: asked by the protocol, SIGTERM halfway, SIGKILL when the grace is over. */
export class Ending {
  readonly #leader: ProcessGroup
  readonly #kill = new AbortController()
  readonly #timers: Timers
  #gone: Promise<boolean> | undefined

  constructor(group: ProcessGroup, clock: Clock) {
    this.#leader = group
    this.#timers = new Timers(clock)
  }

  get pid(): number {
    return this.#leader.pid
  }

  /** From here on; the earliest call counts. */
  killIn(grace: number): void {
    if (grace <= 0) this.#kill.abort()
    else this.#timers.after(grace, () => this.#kill.abort())
  }

  killNow(): Promise<boolean> {
    this.#kill.abort()
    return this.group()
  }

  /** Asks the worker to shut down, if there is time, and ends the group once it exited, refused, or took too long. */
  async ask(connection: Connection | undefined, grace: number, exited: Promise<void>): Promise<void> {
    if (connection && grace > 0) {
      const enough = Promise.withResolvers<void>()
      this.#timers.after(grace / 2, enough.resolve)
      this.#kill.signal.addEventListener('abort', () => enough.resolve(), {once: true})
      connection
        .request('shutdown', {}, {timeout: Number.POSITIVE_INFINITY})
        .then(() => connection.notify('exit', {}))
        .catch(() => enough.resolve())
      await Promise.race([exited, enough.promise])
    }
    await this.group()
  }

  /** SIGTERM to whoever is left. Resolves when the group is gone, with false if it can't be ended. */
  group(): Promise<boolean> {
    this.#gone ??= stopGroup(this.#leader, this.#kill.signal)
    return this.#gone
  }

  close(): void {
    this.#timers.cancel()
  }
}
