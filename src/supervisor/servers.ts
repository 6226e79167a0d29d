import type {ServerListeningParams} from '../model/protocol.ts'
import type {Clock} from '../process/clock.ts'
import {answers} from './answers.ts'
import type {Books} from './books.ts'

const defaultTimeout = 30_000
/** Most servers of one process, whether they answer or not: each is connected to, and is in every snapshot. */
const maxServers = 100

interface ServersOptions {
  clock: Clock
  /** Ms in which a server must answer. */
  timeout: number | undefined
  onOpened(url: string): void
  onSilent(url: string): void
  /** It has more servers than are looked at; told once. */
  onTooMany(most: number): void
}

/** The servers that a process says it has: each is announced once a connection to it succeeds, never before. */
export class Servers {
  readonly #books: Books
  readonly #options: ServersOptions
  /** Claimed or open, by URL. */
  readonly #claims = new Map<string, AbortController>()
  readonly #silent = new Set<string>()
  #toldTooMany = false

  constructor(books: Books, options: ServersOptions) {
    this.#books = books
    this.#options = options
  }

  async claim(server: ServerListeningParams): Promise<void> {
    const {url} = server
    if (this.#claims.has(url)) return
    if (this.#claims.size >= maxServers) return this.#tooMany()
    const claim = new AbortController()
    this.#claims.set(url, claim)
    this.#silent.add(url)
    const {clock, timeout = defaultTimeout, onOpened, onSilent} = this.#options
    const open = await answers(server, {clock, timeout, signal: claim.signal})
    if (claim.signal.aborted) return
    this.#silent.delete(url)
    if (open) {
      this.#books.opened(server)
      onOpened(url)
    } else {
      this.#claims.delete(url)
      onSilent(url)
    }
  }

  #tooMany(): void {
    if (this.#toldTooMany) return
    this.#toldTooMany = true
    this.#options.onTooMany(maxServers)
  }

  /** One that was claimed and does not answer yet. */
  get silent(): string | undefined {
    return this.#silent.values().next().value
  }

  withdraw(url: string): void {
    this.#claims.get(url)?.abort()
    this.#silent.delete(url)
    this.#claims.delete(url)
    this.#books.closed(url)
  }

  /** Nothing is announced any more. */
  close(): void {
    for (const claim of this.#claims.values()) claim.abort()
  }
}
