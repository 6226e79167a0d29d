import {dirname} from 'node:path'
import {listenSocket} from '../ipc/listen.ts'
import type {Connection, Listening} from '../ipc/types.ts'
import {type InitializeParams, type InitializeResult, initializeParams} from '../model/protocol.ts'
import {removeIfEmpty, sweepWorkersSockets} from './run-folder.ts'

/** A worker's process that is expected to say `initialize`. */
export interface Guest {
  token: string
  /** Called once. Registers the handlers, and returns what `initialize` is answered with. */
  welcome(connection: Connection, about: InitializeParams): Omit<InitializeResult, 'protocolVersion'>
  /** Somebody was turned away at the door while this guest was expected; `alone` if nobody else was. */
  refused(problem: Error, alone: boolean): void
}

/** The socket of a supervisor's workers. The id in `initialize` says who it is, the token proves it, once. */
export class Door {
  readonly #directory: string
  readonly #name: string
  readonly #guests = new Map<string, Guest>()
  #listening: Promise<Listening> | undefined
  /** Resolves when what killed supervisors left is gone. */
  #swept: Promise<void> | undefined

  constructor(directory: string, name: string) {
    this.#directory = directory
    this.#name = name
  }

  /** Expects the guest, and resolves with the path to knock at. */
  async expect(workerId: string, guest: Guest): Promise<string> {
    this.#listening ??= this.#listen()
    this.#guests.set(workerId, guest)
    return (await this.#listening).path
  }

  dismiss(workerId: string, guest: Guest): void {
    if (this.#guests.get(workerId) === guest) this.#guests.delete(workerId)
  }

  async close(): Promise<void> {
    const listening = await this.#listening?.catch(() => undefined)
    await this.#swept
    if (listening === undefined) return
    await listening.close()
    removeIfEmpty(this.#directory)
    if (process.platform !== 'win32') removeIfEmpty(dirname(listening.path))
  }

  #listen(): Promise<Listening> {
    const listening = listenSocket({
      directory: this.#directory,
      name: this.#name,
      onRefused: problem => this.#refuse(problem),
      handshake: {
        schema: initializeParams,
        tokenFor: ({workerId}) => this.#guests.get(workerId)?.token,
        welcome: (connection, about) => {
          const {workerId} = about
          const guest = this.#guests.get(workerId)
          if (guest === undefined) throw new Error(`worker ${workerId} left while it was let in`)
          this.#guests.delete(workerId)
          return guest.welcome(connection, about)
        },
      },
    })
    this.#swept = listening.then(
      ({path}) => sweepWorkersSockets(path),
      () => {
        // The next worker tries again.
        this.#listening = undefined
      },
    )
    return listening
  }

  #refuse(problem: Error): void {
    const waiting = [...this.#guests.values()]
    for (const guest of waiting) guest.refused(problem, waiting.length === 1)
  }
}
