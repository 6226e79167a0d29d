import {once} from 'node:events'
import {createConnection} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {errnoOf} from '../base/errors.ts'
import {connectStream} from './connection.ts'
import type {Connection, ConnectionOptions} from './types.ts'

export interface ConnectOptions extends ConnectionOptions {
  signal?: AbortSignal | undefined
}

/** Ms for which a listener may have no place for another connection. */
const crowdedPatience = 2_000
const crowdedPause = 20

/**
 * Connects to a socket path or a pipe name. The first message must be `initialize`.
 * @throws Node's error (ENOENT, ECONNREFUSED, …) if nobody listens there, or the signal's reason
 */
export async function connectSocket(path: string, options: ConnectOptions = {}): Promise<Connection> {
  const {signal, ...rest} = options
  const deadline = performance.now() + crowdedPatience
  for (;;) {
    signal?.throwIfAborted()
    const socket = createConnection(path)
    try {
      await once(socket, 'connect', signal ? {signal} : {})
      return connectStream(socket, rest)
    } catch (error) {
      socket.destroy()
      if (signal?.aborted) throw signal.reason
      // Linux's word for a Unix socket at which too many wait to be let in: somebody does listen.
      if (errnoOf(error) !== 'EAGAIN' || performance.now() > deadline) throw error
      await delay(crowdedPause)
    }
  }
}
