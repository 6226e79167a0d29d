import {once} from 'node:events'
import {createServer, type Server} from 'node:net'
import {join} from 'node:path'
import {StreamConnection} from './connection.ts'
import {guard} from './handshake.ts'
import {claimSocket} from './socket-claim.ts'
import {socketPlace, wishedSocketPlace} from './socket-place.ts'
import type {Greeting, Listening, ListenOptions} from './types.ts'
import {WaitingRoom} from './waiting-room.ts'

const defaultMaxWaiting = 256

/**
 * Listens on a private Unix socket, or a named pipe on Windows, behind the handshake.
 * @throws UserError SOCKET_IN_USE, SOCKET_PATH_TAKEN, SOCKET_DIRECTORY_UNSAFE, SOCKET_PATH_TOO_LONG
 */
export async function listenSocket<P extends Greeting>(options: ListenOptions<P>): Promise<Listening> {
  const connections = new Set<StreamConnection>()
  const server = createServer()
  acceptInto(server, connections, options)
  const {directory, name, exact} = options
  const path = exact ? wishedSocketPlace(join(directory, name)) : socketPlace(directory, name)
  const release = await claim(server, path)
  let closed: Promise<unknown> | undefined
  const close = async () => {
    if (closed === undefined) {
      release()
      closed = once(server, 'close')
      server.close()
      for (const connection of connections) connection.close()
    }
    await closed
  }
  return {path, close, [Symbol.asyncDispose]: close}
}

function acceptInto<P extends Greeting>(
  server: Server,
  connections: Set<StreamConnection>,
  options: ListenOptions<P>,
): void {
  const {maxWaiting = defaultMaxWaiting, handshake} = options
  const waiting = new WaitingRoom(maxWaiting)
  // Such as too many open files: this one connection is lost, the next may do.
  server.on('error', error => options.onProblem?.(error))
  server.on('connection', socket => {
    const connection = new StreamConnection(socket, options)
    connections.add(connection)
    waiting.add(connection)
    guard(connection, handshake, () => waiting.delete(connection))
    connection.closed.then(reason => {
      connections.delete(connection)
      if (waiting.delete(connection) && reason) options.onRefused?.(reason)
    })
  })
}

async function claim(server: Server, path: string): Promise<() => void> {
  try {
    if (process.platform !== 'win32') return await claimSocket(server, path)
    server.listen(path)
    await once(server, 'listening')
    return () => {}
  } catch (error) {
    server.close()
    throw error
  }
}
