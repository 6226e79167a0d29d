import {join} from 'node:path'
import {listenSocket} from '../../src/ipc/listen.ts'
import type {Connection, Listening} from '../../src/ipc/types.ts'
import {
  type InitializeParams,
  type InitializeResult,
  initializeParams,
  type WorkerMessage,
  workerMessages,
} from '../../src/model/protocol.ts'
import {type Program, startProgram} from './programs.ts'

export interface Supervised extends AsyncDisposable {
  listening: Listening
  program: Program
  connection: Connection
  hello: InitializeParams
  /** Everything the worker said on its own so far. */
  said: WorkerMessage[]
  /** The first message of this method that fits, said already or to come. */
  heard(method: WorkerMessage['method'], fits?: (params: object) => boolean): Promise<WorkerMessage>
}

/** The least that can call itself a supervisor: one worker, started once, whose messages are checked and kept. */
export async function supervise(
  directory: string,
  name: string,
  setup: Partial<Omit<InitializeResult, 'protocolVersion'>> = {},
): Promise<Supervised> {
  const said: WorkerMessage[] = []
  const listeners = new Set<() => void>()
  const joined = Promise.withResolvers<{connection: Connection; hello: InitializeParams}>()
  const listening = await listenSocket({
    directory: join(directory, 'run'),
    name: 'worker.sock',
    handshake: {
      schema: initializeParams,
      tokenFor: ({workerId}) => (workerId === 'w1' ? 'the token' : undefined),
      welcome(connection, hello) {
        for (const method of Object.keys(workerMessages) as WorkerMessage['method'][]) {
          connection.onNotification<object>(method, workerMessages[method], params => {
            said.push({method, params} as WorkerMessage)
            for (const listener of listeners) listener()
          })
        }
        joined.resolve({connection, hello})
        return {root: directory, mode: 'build', arguments: [], server: {host: '127.0.0.1', port: 0}, ...setup}
      },
    },
    onProblem: problem => joined.reject(problem),
  })
  const env = {...process.env, TOOL_IPC: listening.path, TOOL_WORKER_ID: 'w1', TOOL_WORKER_TOKEN: 'the token'}
  const program = startProgram(name, ['unused'], {cwd: directory, env})
  const gone = program.ended.then(() => Promise.reject(new Error(`it ended before: ${program.stderr}`)))
  const {connection, hello} = await Promise.race([joined.promise, gone])
  gone.catch(() => {})
  return {
    listening,
    program,
    connection,
    hello,
    said,
    heard: (method, fits = () => true) =>
      new Promise(resolve => {
        const look = () => {
          const found = said.find(message => message.method === method && fits(message.params))
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await listening.close()
    },
  }
}
