import type {UserError} from '../base/errors.ts'
import {IpcError} from '../ipc/errors.ts'
import type {Connection} from '../ipc/types.ts'

/** Ms that a call may take before one looks whether the supervisor still lives, and between such looks. */
const pause = 2000
/** Ms in which a supervisor that lives answers what costs it nothing. */
const patience = 5000

type Listener = (error: UserError | undefined) => void

/** Looks now and then whether a supervisor still answers, while somebody waits for something of it. */
export class Liveness {
  readonly #connection: Pick<Connection, 'request' | 'closed'>
  readonly #error: () => UserError
  readonly #calls = new Set<(error: UserError) => void>()
  readonly #listeners = new Set<Listener>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false
  #isHung = false
  #isClosed = false

  /** @param error what is thrown, and told, once it does not answer */
  constructor(connection: Pick<Connection, 'request' | 'closed'>, error: () => UserError) {
    this.#connection = connection
    this.#error = error
    void connection.closed.then(() => {
      this.#isClosed = true
      this.#listeners.clear()
      this.#restIfUnwatched()
    })
  }

  /**
   * What a call comes to, however long it takes what it asks for, while others are answered meanwhile.
   * @throws the error of the constructor, once they are not
   */
  async during<R>(call: Promise<R>): Promise<R> {
    const hung = Promise.withResolvers<never>()
    this.#calls.add(hung.reject)
    this.#begin()
    try {
      return await Promise.race([call, hung.promise])
    } finally {
      this.#calls.delete(hung.reject)
      this.#restIfUnwatched()
    }
  }

  /** Tells once it does not answer any more, and with `undefined` when it does again, until the connection ends. */
  listen(listener: Listener): void {
    this.#listeners.add(listener)
    this.#begin()
  }

  #begin(): void {
    if (!this.#isClosed && !this.#isLooking) this.#timer ??= setTimeout(() => void this.#look(), pause)
  }

  #restIfUnwatched(): void {
    if (this.#calls.size + this.#listeners.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    const wasHung = this.#isHung
    this.#timer = undefined
    this.#isLooking = true
    this.#isHung = await this.#hangs()
    this.#isLooking = false
    if (this.#isHung) for (const reject of [...this.#calls]) reject(this.#error())
    if (this.#isHung !== wasHung)
      for (const listener of [...this.#listeners]) listener(this.#isHung ? this.#error() : undefined)
    if (this.#calls.size + this.#listeners.size > 0) this.#begin()
  }

  async #hangs(): Promise<boolean> {
    try {
      await this.#connection.request('workers/list', {}, {timeout: patience})
      return false
    } catch (error) {
      // Whatever else it is, who waits learns of it by the connection's end.
      return error instanceof IpcError && error.code === 'REQUEST_TIMEOUT'
    }
  }
}
