import {once} from 'node:events'
import {createConnection} from 'node:net'
import {connectStream} from './connection.ts'
import type {Connection, ConnectionOptions} from './types.ts'

export interface ConnectOptions extends ConnectionOptions {
  signal?: AbortSignal | undefined
}

/**
 * Connects to a socket path or a pipe name. The first message must be `initialize`.
 * @throws Node's error (ENOENT, ECONNREFUSED, …) if nobody listens there, or the signal's reason
 */
export async function connectSocket(path: string, options: ConnectOptions = {}): Promise<Connection> {
  const {signal, ...rest} = options
  signal?.throwIfAborted()
  const socket = createConnection(path)
  try {
    await once(socket, 'connect', signal ? {signal} : {})
  } catch (error) {
    socket.destroy()
    throw signal?.aborted ? signal.reason : error
  }
  return connectStream(socket, rest)
}
