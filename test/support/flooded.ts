import {join} from 'node:path'
import {z} from 'zod'
import {listenSocket} from '../../src/ipc/listen.ts'
import type {Connection} from '../../src/ipc/types.ts'
import {flood, type Seen} from './flood.ts'
import {anything} from './ipc.ts'
import {startProgram} from './programs.ts'
import {sandbox} from './sandbox.ts'

const schema = z.object({protocolVersion: z.int(), token: z.string()})

/** Listens, and hands over the first `count` connections as soon as each said hello, in that order. */
export async function meet(directory: string, count: number, onConnection: (connection: Connection) => void) {
  const met = Promise.withResolvers<Connection[]>()
  const connections: Connection[] = []
  const listening = await listenSocket({
    directory,
    name: 'flood.sock',
    handshake: {
      schema,
      tokenFor: () => 'flood',
      welcome(connection) {
        onConnection(connection)
        if (connections.push(connection) === count) met.resolve(connections)
        return {}
      },
    },
  })
  return {listening, connections: met.promise}
}

/**
 * Two processes flood each other: this one, and `ipc-flood.ts`.
 * @param meanwhile called when both have begun
 * @returns what each of them got
 */
export async function floodBetweenProcesses(kind: 'notify' | 'ask', count: number, meanwhile = () => {}) {
  await using box = sandbox()
  const here = Promise.withResolvers<Seen>()
  const there = Promise.withResolvers<Seen & {maxRSS: number}>()
  const {listening} = await meet(join(box.root, 'run'), 1, connection => {
    const start = flood(connection, kind, count)
    connection.onRequest('seen', anything<Seen & {maxRSS: number}>(), seen => there.resolve(seen))
    start().then(here.resolve, here.reject)
    setImmediate(meanwhile)
  })
  await using _server = listening
  await using _peer = startProgram('ipc-flood.ts', [listening.path, kind, String(count)])
  return {here: await here.promise, there: await there.promise}
}
