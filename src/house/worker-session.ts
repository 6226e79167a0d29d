import {randomBytes, randomUUID} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, messageOf, UserError} from '../base/errors.ts'
import {FrameParser} from '../ipc/frame-parser.ts'
import {socketPlace} from '../ipc/socket-place.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {groupIsGone, type ProcessGroup, signalGroup, stopGroup} from '../process/group.ts'
import {spawnGroup} from '../process/spawn.ts'
import {Watchdog, watchdogScript} from '../process/watchdog.ts'

/** A message as it came, unchecked. */
export interface Received {
  id?: unknown
  method?: unknown
  params?: unknown
  result?: unknown
  error?: {code?: unknown; message?: unknown}
}

export interface SessionRequest {
  /** The program and its arguments. */
  command: readonly string[]
  mode: WorkerMode
  /** What `initialize` is answered with. */
  arguments: readonly string[]
}

export const workerId = 'check'

/** One process of a worker, and a supervisor that may say anything to it. */
export interface WorkerSession extends AsyncDisposable {
  readonly token: string
  /** All that it sent so far. */
  readonly received: readonly Received[]
  /** The last lines that it printed. */
  readonly printed: readonly string[]
  /** Why what it sent can't be read as frames. */
  readonly garbage: string | undefined
  readonly connected: boolean
  /** Whether its side of the connection is closed. */
  readonly hungUp: boolean
  /** How its process ended; undefined while it lives. */
  readonly exit: {code: number | null; signal: string | null} | undefined
  /** Whether a process of its group is left. */
  leftovers(): boolean
  /** Waits until something holds; false if it does not within so many ms. */
  until(holds: () => boolean, ms: number): Promise<boolean>
  send(message: object): void
  /** Bytes as they are. */
  sendRaw(bytes: string | Uint8Array): void
  /** Answers `initialize`. `more` replaces fields of the result. */
  welcome(more?: object): void
  /** Sends a request, and waits for its answer; undefined if there is none within so many ms. */
  ask(method: string, params: unknown, ms: number): Promise<Received | undefined>
  /** The id that the next request gets. */
  readonly nextId: number
  /** Closes the connection, as the death of a supervisor does. */
  hangUp(): void
}

/**
 * Starts a worker and listens for it. Whatever comes of it, nothing is left once this is disposed of.
 * @throws UserError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE
 */
export async function startSession(context: Context, request: SessionRequest): Promise<WorkerSession> {
  const folder = mkdtempSync(join(tmpdir(), 'tool-check-'))
  const path = socketPlace(folder, 'worker.sock')
  const token = randomBytes(24).toString('base64url')
  const received: Received[] = []
  const printed: string[] = []
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const watcher of [...watchers]) watcher()
  }
  const parser = new FrameParser()
  const state = {
    socket: undefined as Socket | undefined,
    hungUp: false,
    garbage: undefined as string | undefined,
    exit: undefined as WorkerSession['exit'],
    id: 1,
  }
  const server = createServer(socket => {
    // A second connection is nobody's: a worker has one.
    if (state.socket !== undefined) return void socket.destroy()
    state.socket = socket
    socket.on('error', () => {})
    socket.on('close', () => {
      state.hungUp = true
      changed()
    })
    socket.on('end', () => {
      state.hungUp = true
      changed()
    })
    socket.on('data', (chunk: Buffer) => {
      take(chunk)
      changed()
    })
    changed()
  })
  function take(chunk: Buffer): void {
    if (state.garbage !== undefined) return
    try {
      parser.push(chunk)
      for (let message = parser.next(); message !== undefined; message = parser.next()) note(message)
    } catch (error) {
      state.garbage = messageOf(error)
    }
  }
  function note(message: Received): void {
    received.push(message)
    // What a worker may ask for beside `initialize` is unknown here, and gets its answer.
    if (message.id !== undefined && message.method !== undefined && message.method !== 'initialize')
      send({id: message.id, error: {code: -32601, message: `there is no method ${String(message.method)}`}})
  }
  function sendRaw(bytes: string | Uint8Array): void {
    if (state.socket?.writable) state.socket.write(bytes)
  }
  function send(message: object): void {
    sendRaw(frame(message))
  }
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(path, listening)
  })
  const instance = randomUUID()
  const watchdog = new Watchdog({id: instance, script: watchdogScript(context)})
  async function clean(group: ProcessGroup | undefined): Promise<void> {
    if (group !== undefined) {
      signalGroup(group.pid, 'SIGKILL')
      if (await stopGroup(group, AbortSignal.abort())) watchdog.delete(group.pid)
    }
    watchdog.close()
    state.socket?.destroy()
    await new Promise(closed => server.close(closed))
    rmSync(folder, {recursive: true, force: true})
    if (process.platform !== 'win32' && dirname(path) !== folder)
      rmSync(dirname(path), {recursive: true, force: true})
  }
  const [file = '', ...args] = request.command
  watchdog.start()
  const group = await spawnGroup({
    file,
    args,
    cwd: context.cwd,
    env: environment(context, path, token, instance),
    stdin: 'none',
    onLine(_, text) {
      printed.push(text)
      if (printed.length > 20) printed.shift()
    },
  }).catch(async error => {
    await clean(undefined)
    throw notStarted(file, error)
  })
  const {pid} = group
  watchdog.add(group)
  const kill = () => void signalGroup(pid, 'SIGKILL')
  if (context.signal.aborted) kill()
  context.signal.addEventListener('abort', kill, {once: true})
  void group.exited.then(exit => {
    state.exit = exit
    changed()
  })
  const until: WorkerSession['until'] = (holds, ms) =>
    new Promise(resolve => {
      const end = (held: boolean) => {
        clearTimeout(timer)
        watchers.delete(look)
        resolve(held)
      }
      const look = () => {
        if (holds()) end(true)
      }
      const timer = setTimeout(() => end(holds()), ms)
      watchers.add(look)
      look()
    })
  return {
    token,
    received,
    printed,
    get garbage() {
      return state.garbage
    },
    get connected() {
      return state.socket !== undefined
    },
    get hungUp() {
      return state.hungUp
    },
    get exit() {
      return state.exit
    },
    get nextId() {
      return state.id
    },
    leftovers: () => !groupIsGone(pid),
    until,
    send,
    sendRaw,
    welcome(more = {}) {
      const id = received[0]?.id
      const {mode, arguments: given} = request
      const server = {host: '127.0.0.1', port: 0}
      const result = {protocolVersion: 1, root: context.cwd, mode, arguments: given, server, ...more}
      send({id, result})
    },
    async ask(method, params, ms) {
      const id = state.id++
      send({id, method, params})
      const answer = () => received.find(message => message.id === id && message.method === undefined)
      await until(() => answer() !== undefined || state.hungUp, ms)
      return answer()
    },
    hangUp: () => void state.socket?.destroy(),
    async [Symbol.asyncDispose]() {
      context.signal.removeEventListener('abort', kill)
      await clean(group)
      await group.exited
    },
  }
}

/** A message as it goes over the wire. */
export function frame(message: object): Buffer {
  const content = Buffer.from(JSON.stringify({jsonrpc: '2.0', ...message}))
  return Buffer.concat([Buffer.from(`Content-Length: ${content.length}\r\n\r\n`), content])
}

function environment({env}: Context, path: string, token: string, instance: string): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined) own[name] = value
  const above = env.TOOL_SUPERVISORS ? `${env.TOOL_SUPERVISORS},` : ''
  return {
    ...own,
    TOOL_IPC: path,
    TOOL_WORKER_ID: workerId,
    TOOL_WORKER_TOKEN: token,
    TOOL_SUPERVISORS: `${above}${instance}`,
  }
}

function notStarted(file: string, error: unknown): UserError {
  const missing = errnoOf(error) === 'ENOENT'
  return new UserError({
    code: missing ? 'COMMAND_NOT_FOUND' : 'COMMAND_NOT_EXECUTABLE',
    message: `${file} can't be started: ${messageOf(error)}`,
    hint: 'write the command line of the worker after --',
    exitCode: missing ? Exit.commandNotFound : Exit.notExecutable,
    cause: error,
  })
}
