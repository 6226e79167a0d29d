import {once} from 'node:events'
import {createConnection, type Socket} from 'node:net'
import {FrameParser} from '../../src/ipc/frame-parser.ts'
import {frame} from './ipc.ts'

export interface Message {
  id?: unknown
  method?: string
  params?: unknown
  result?: unknown
  error?: {code: number; message: string}
}

/** One end of a socket on which a test writes what it likes. */
export interface RawPeer extends Disposable {
  readonly socket: Socket
  /** All that came so far. */
  readonly messages: readonly Message[]
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>
  /** Writes bytes, or a message in a frame. */
  send(what: string | Buffer | object): void
  /** The answer to the request of that id; rejects if the connection closes before. */
  answer(id: unknown): Promise<Message>
}

/** Connects to a socket, and says nothing. */
export async function rawPeer(path: string): Promise<RawPeer> {
  const socket = createConnection(path)
  const parser = new FrameParser()
  const messages: Message[] = []
  const closed = Promise.withResolvers<void>()
  // The other side may hang up while it is being written to.
  socket.on('error', () => {})
  socket.on('close', () => closed.resolve())
  socket.on('data', (chunk: Buffer) => {
    parser.push(chunk)
    for (let message = parser.next(); message; message = parser.next()) messages.push(message)
  })
  await Promise.race([once(socket, 'connect'), closed.promise])
  return {
    socket,
    messages,
    closed: closed.promise,
    send: what => {
      const isBytes = typeof what === 'string' || Buffer.isBuffer(what)
      socket.write(isBytes ? what : frame({jsonrpc: '2.0', ...what}))
    },
    async answer(id) {
      for (;;) {
        const found = messages.find(message => message.id === id && message.method === undefined)
        if (found) return found
        if (socket.closed) throw new Error(`the connection closed before ${id} was answered`)
        await Promise.race([once(socket, 'data'), closed.promise])
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
