import type {Duplex} from 'node:stream'
import {AbstractMessageWriter, type Message, type MessageWriter} from 'vscode-jsonrpc/node'
import {deferred} from '../base/deferred.ts'
import {messageOf} from '../base/errors.ts'
import {maxFrameBytes} from '../model/wire.ts'
import {IpcError} from './errors.ts'

/** Bytes gathered for one write to the stream. */
const batchSize = 64 * 1024
/** Queued bytes above which a sender who awaits is held back. */
const highWaterMark = 256 * 1024
const handedOn = Promise.resolve()

/**
 * Writes frames to a stream: those of one tick in one write (but not more than makes a good portion), and none while
 * the stream has not drained.
 * What waits meanwhile is bounded; a rejection that nobody looks at is never reported as unhandled.
 */
export class FrameWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Duplex
  readonly #maxQueuedBytes: number
  readonly #onStalled: (error: IpcError) => void
  /** Frames, joined into portions for one write each, oldest first. */
  #queue: Batch[] = []
  #queuedBytes = 0
  #scheduled = false
  #draining = false
  #ending = false
  #failure: Error | undefined
  #room: PromiseWithResolvers<void> | undefined

  constructor(stream: Duplex, maxQueuedBytes: number, onStalled: (error: IpcError) => void) {
    super()
    this.#stream = stream
    this.#maxQueuedBytes = maxQueuedBytes
    this.#onStalled = onStalled
    stream.on('drain', () => {
      this.#draining = false
      this.#flush()
    })
  }

  /** Resolves when there is room for more. */
  write(message: Message): Promise<void> {
    if (this.#failure) return quietly(Promise.reject(this.#failure))
    let content: string
    try {
      content = encode(message)
    } catch (error) {
      return quietly(Promise.reject(error))
    }
    this.#enqueue(content)
    if (this.#queuedBytes <= highWaterMark) return handedOn
    this.#room ??= deferred<void>()
    return quietly(this.#room.promise)
  }

  /** Sends what is queued, then ends the stream. */
  end(): void {
    this.#ending = true
    this.#failure ??= new IpcError('CONNECTION_CLOSED', 'the connection was closed on this side')
    this.#flush()
  }

  /** Forgets what is queued; every write from here on is rejected. */
  fail(error: Error): void {
    this.#failure = error
    this.#queue = []
    this.#queuedBytes = 0
    this.#room?.reject(error)
    this.#room = undefined
  }

  #enqueue(content: string): void {
    const bytes = Buffer.byteLength(content)
    const frame = `Content-Length: ${bytes}\r\n\r\n${content}`
    const last = this.#queue.at(-1)
    if (last && last.bytes < batchSize) {
      last.text += frame
      last.bytes += bytes
    } else {
      this.#queue.push({text: frame, bytes})
    }
    this.#queuedBytes += bytes
    if (this.#queuedBytes > this.#maxQueuedBytes) {
      const message = `the peer left more than ${this.#maxQueuedBytes} bytes unread`
      this.#onStalled(new IpcError('PEER_STALLED', message))
    } else if (this.#queuedBytes >= batchSize) {
      this.#flush()
    } else if (!this.#scheduled && !this.#draining) {
      this.#scheduled = true
      process.nextTick(this.#onTick)
    }
  }

  #onTick = (): void => {
    this.#scheduled = false
    this.#flush()
  }

  #flush(): void {
    while (!this.#draining && this.#stream.writable) {
      const batch = this.#queue.shift()
      if (batch === undefined) break
      this.#queuedBytes -= batch.bytes
      this.#draining = !this.#stream.write(batch.text)
    }
    if (this.#queuedBytes <= highWaterMark) this.#makeRoom()
    if (this.#ending && this.#queue.length === 0) this.#stream.end()
  }

  #makeRoom(): void {
    this.#room?.resolve()
    this.#room = undefined
  }
}

interface Batch {
  text: string
  bytes: number
}

function encode(message: Message): string {
  let content: string
  try {
    content = JSON.stringify(message)
  } catch (error) {
    throw new IpcError('MESSAGE_UNSENDABLE', `the message is no JSON: ${messageOf(error)}`, error)
  }
  // A string of this length has at least as many bytes; the exact check is left to the few near the limit.
  if (content.length > maxFrameBytes / 3 && Buffer.byteLength(content) > maxFrameBytes) {
    throw new IpcError('MESSAGE_UNSENDABLE', `the message is larger than a frame's ${maxFrameBytes} bytes`)
  }
  return content
}

/** A promise whose rejection may be ignored. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
