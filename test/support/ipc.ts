import {type Duplex, duplexPair} from 'node:stream'
import {connectStream} from '../../src/ipc/connection.ts'
import type {Connection, ConnectionOptions, Schema} from '../../src/ipc/types.ts'

/** Takes anything, as it came. */
export function anything<T = unknown>(): Schema<T> {
  return {safeParse: value => ({success: true, data: value as T})}
}

/** Two ends of one connection, in memory. */
export function connectedPair(
  options: ConnectionOptions = {},
): Disposable & {near: Connection; far: Connection} {
  const [nearStream, farStream] = linkedPair()
  const near = connectStream(nearStream, options)
  const far = connectStream(farStream, options)
  return {
    near,
    far,
    [Symbol.dispose]() {
      near.close(new Error('the test is over'))
      far.close(new Error('the test is over'))
    },
  }
}

/** Two ends of a stream: as with sockets, when one is gone the other notices. */
export function linkedPair(): [Duplex, Duplex] {
  const [one, other] = duplexPair()
  one.once('close', () => setImmediate(() => other.destroy()))
  other.once('close', () => setImmediate(() => one.destroy()))
  return [one, other]
}

/** A message in the framing of the protocol. */
export function frame(message: unknown): Buffer {
  const content = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))
  return Buffer.concat([Buffer.from(`Content-Length: ${content.length}\r\n\r\n`), content])
}
