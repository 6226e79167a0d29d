import type {StreamConnection} from './connection.ts'
import {IpcError} from './errors.ts'

/** Ms that a new connection has to say something even where too many wait: its greeting may be on its way. */
const courtesy = 250
/** So many times the usual number may wait for that long. */
const crowd = 4

/** The connections that have not said `initialize` yet. Of too many the oldest are closed. */
export class WaitingRoom {
  /** With the time at which they came, oldest first. */
  readonly #waiting = new Map<StreamConnection, number>()
  readonly #places: number
  #timer: NodeJS.Timeout | undefined

  constructor(places: number) {
    this.#places = places
  }

  add(connection: StreamConnection): void {
    this.#waiting.set(connection, performance.now())
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > crowd * this.#places && oldest) this.#close(oldest)
    if (this.#waiting.size > this.#places) this.#later()
  }

  /** Called when it was let in, or is gone; false if it did not wait. */
  delete(connection: StreamConnection): boolean {
    return this.#waiting.delete(connection)
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#clear()
    }, courtesy).unref()
  }

  #clear(): void {
    let tooMany = this.#waiting.size - this.#places
    const patient = performance.now() - courtesy
    for (const [connection, came] of this.#waiting) {
      if (tooMany <= 0) return
      if (came > patient) {
        this.#later()
        return
      }
      this.#close(connection)
      tooMany -= 1
    }
  }

  #close(connection: StreamConnection): void {
    connection.close(new IpcError('BAD_HANDSHAKE', `more than ${this.#places} connections said nothing`))
  }
}
