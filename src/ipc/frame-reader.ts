import type {Duplex} from 'node:stream'
import {AbstractMessageReader, type DataCallback, Disposable, type Message} from 'vscode-jsonrpc/node'
import {FrameParser} from './frame-parser.ts'

/** Messages dispatched in one turn of the event loop, so that a flood on one connection doesn't starve the others. */
const batchSize = 128
/** Undispatched bytes above which nothing more is read. */
const highWaterMark = 256 * 1024
/** All that the library's queue ever sees: it has no bound of its own, and a turn of the event loop a message. */
const wakeUp: Message & {method: string} = {jsonrpc: '2.0', method: '$/wakeUp'}

/**
 * Reads frames from a stream, keeps what is not dispatched yet as bytes, and hands messages out in batches: as they
 * come, or, where one batch didn't take them all, when the library's queue was woken up and asks by `drain`.
 */
export class FrameReader extends AbstractMessageReader {
  readonly parser = new FrameParser()
  readonly #stream: Duplex
  readonly #onBadFrame: (error: unknown) => void
  #wake: DataCallback = () => {}
  /** Where messages go; known from the first `drain` on. */
  #take: ((message: object) => void) | undefined
  /** True while the library's queue was woken up and has not asked yet. */
  #waiting = false
  #stopped = false
  #onIdle: () => void = () => {}

  constructor(stream: Duplex, onBadFrame: (error: unknown) => void) {
    super()
    this.#stream = stream
    this.#onBadFrame = onBadFrame
  }

  listen(callback: DataCallback): Disposable {
    this.#wake = callback
    this.#stream.on('data', this.#onData)
    return Disposable.create(() => this.stop())
  }

  /** Hands out a batch of messages, each as soon as the one before was taken. */
  drain(take: (message: object) => void): void {
    this.#take = take
    this.#waiting = false
    for (let taken = 0; taken < batchSize; taken++) {
      const message = this.#next()
      if (message === undefined) {
        if (this.#stream.isPaused()) this.#stream.resume()
        this.#onIdle()
        return
      }
      take(message)
    }
    this.#later()
  }

  /** Calls back as soon as all that came was dispatched. */
  whenIdle(callback: () => void): void {
    this.#onIdle = callback
    if (!this.#waiting) callback()
  }

  /** Nothing is dispatched after this. What still comes is thrown away, so that the stream's end is seen. */
  stop(): void {
    this.#stopped = true
    this.#stream.off('data', this.#onData)
    this.#stream.resume()
  }

  #onData = (chunk: Buffer): void => {
    this.parser.push(chunk)
    if (this.#take && !this.#waiting) this.drain(this.#take)
    else this.#later()
    if (this.#waiting && this.parser.size > highWaterMark) this.#stream.pause()
  }

  #later(): void {
    if (this.#waiting) return
    this.#waiting = true
    this.#wake(wakeUp)
  }

  #next(): object | undefined {
    if (this.#stopped) return undefined
    try {
      return this.parser.next()
    } catch (error) {
      this.#onBadFrame(error)
      return undefined
    }
  }
}
