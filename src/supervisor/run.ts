import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'
import {IpcError} from '../ipc/errors.ts'
import type {Connection} from '../ipc/types.ts'
import type {Exit, WorkerFailure} from '../model/event.ts'
import {
  type CompileParams,
  type CompileResult,
  compileResult,
  type FilesChangedParams,
  type InitializeParams,
  type InitializeResult,
  Status,
} from '../model/protocol.ts'
import {type SpawnedGroup, spawnGroup} from '../process/spawn.ts'
import type {Guest} from './door.ts'
import {Ending} from './ending.ts'
import type {Household, RunListener} from './household.ts'
import {Messages} from './messages.ts'
import {saysReady} from './readiness.ts'
import {receive} from './receive.ts'
import {type SocketWatch, watchSockets} from './socket-watch.ts'
import {Timers} from './timers.ts'
import type {WorkerSpec} from './types.ts'
import {cannotBePrepared, cannotCompile, cannotStart, senseless} from './worker-error.ts'

/** How long the socket of a dead process may take to deliver what was sent before. */
const lastWordsPatience = 2000

/** What only a peer that gets the protocol wrong is turned away for. */
const peerMistakes: ReadonlySet<string> = new Set(['BAD_FRAME', 'BAD_HANDSHAKE'])

/** One process of a worker, from its start until its whole group is gone and all it had to say was heard. */
export class Run {
  /** How it ended; undefined where it was stopped before there was a process. Never rejects. */
  readonly ended: Promise<Exit | undefined>
  readonly messages: Messages
  readonly #spec: WorkerSpec
  readonly #house: Household
  readonly #listener: RunListener
  readonly #timers: Timers
  readonly #exited = Promise.withResolvers<void>()
  readonly #guest: Guest = {
    token: randomBytes(32).toString('base64url'),
    welcome: (connection, about) => this.#welcome(connection, about),
    refused: (problem, alone) => this.#refused(problem, alone),
  }
  #connection: Connection | undefined
  #canCompile = true
  readonly #connected = Promise.withResolvers<Connection | undefined>()
  /** Set while there is a process. */
  #ending: Ending | undefined
  #ready = false
  #stopping = false
  #deadline = Number.POSITIVE_INFINITY
  #over = false
  #failure: WorkerFailure | undefined
  #sockets: SocketWatch | undefined
  /** What may have kept it from being ready. */
  #note: string | undefined

  constructor(spec: WorkerSpec, house: Household, listener: RunListener) {
    this.#spec = spec
    this.#house = house
    this.#listener = listener
    this.#timers = new Timers(house.clock)
    this.messages = new Messages(spec, {
      clock: house.clock,
      publish: listener.publish,
      print: listener.print,
      onOpened: url => {
        this.#sockets?.announced(url)
        if (spec.readiness.by === 'server') this.#becomeReady()
      },
      onFinished: () => {
        if (spec.readiness.by === 'task') this.#becomeReady()
      },
      onSilent: url => this.#remark(nobodyAnswers(url)),
    })
    this.ended = this.#live()
  }

  /** Ends it within `grace` ms. Called again it can only hurry. */
  stop(grace: number): void {
    const deadline = this.#house.clock.now() + grace
    if (deadline < this.#deadline) {
      this.#deadline = deadline
      this.#ending?.killIn(grace)
      this.#listener.onStopping(this.#ending?.pid ?? null, deadline)
    }
    if (this.#stopping) return
    this.#stopping = true
    void this.#ending?.ask(this.#connection, grace, this.#exited.promise)
  }

  /** @throws UserError WORKER_CANNOT_COMPILE; IpcError CONNECTION_CLOSED also where it hung up before */
  async compile(params: CompileParams, signal?: AbortSignal): Promise<CompileResult> {
    if (!this.#connection) throw new IpcError('CONNECTION_CLOSED', 'the worker closed its connection')
    if (!this.#canCompile) throw cannotCompile(this.#spec)
    const timeout = Number.POSITIVE_INFINITY
    const answer = await this.#connection.request('compile', params, {signal, timeout})
    const checked = compileResult.safeParse(answer)
    if (!checked.success) throw senseless(this.#spec, 'compile')
    return checked.data
  }

  /** Its connection, once it has one; undefined if it ends without. */
  get connected(): Promise<Connection | undefined> {
    return this.#connected.promise
  }

  filesChanged(changes: FilesChangedParams['changes']): void {
    void this.#connection?.notify('files/changed', {changes}).catch(() => {})
  }

  async #live(): Promise<Exit | undefined> {
    const group = await this.#start()
    const ended = group && (await this.#untilGone(group))
    this.#over = true
    this.#connected.resolve(undefined)
    this.#house.door.dismiss(this.#spec.id, this.#guest)
    this.#connection?.close()
    this.#timers.cancel()
    this.messages.end(ended, this.#stopping && !this.#failure ? Status.cancelled : Status.error)
    if (!ended && !this.#failure) return undefined
    const {code, signal} = ended ?? {code: null, signal: null}
    return {at: this.#house.clock.now(), code, signal, ...(this.#failure && {failure: this.#failure})}
  }

  async #start(): Promise<SpawnedGroup | undefined> {
    const {file, args, cwd, stdin} = this.#spec
    const env = await this.#environment().catch((error: unknown) => {
      this.#failure = cannotBePrepared(this.#spec, error)
    })
    if (env === undefined || this.#stopping) return undefined
    this.#house.groups.expect()
    try {
      return await spawnGroup({
        file,
        args,
        cwd,
        env,
        stdin: stdin === 'inherit' ? (this.#house.stdin ?? 'open') : stdin,
        onLine: (stream, text) => this.#line(stream, text),
      })
    } catch (error) {
      this.#failure = cannotStart(this.#spec, error, existsSync(cwd))
      return undefined
    }
  }

  #line(stream: 'stdout' | 'stderr', text: string): void {
    const {readiness} = this.#spec
    this.messages.line(stream, text)
    if (readiness.by === 'line' && !this.#ready && saysReady(readiness.pattern, text)) this.#becomeReady()
  }

  async #environment(): Promise<Record<string, string>> {
    const {TOOL_IPC: _path, TOOL_WORKER_ID: _id, TOOL_WORKER_TOKEN: _token, ...given} = this.#spec.env
    const env: Record<string, string> = {...given, TOOL_SUPERVISORS: this.#house.supervisors.join(',')}
    if (!this.#spec.ipc) return env
    env.TOOL_IPC = await this.#house.door.expect(this.#spec.id, this.#guest)
    env.TOOL_WORKER_ID = this.#spec.id
    env.TOOL_WORKER_TOKEN = this.#guest.token
    return env
  }

  /** What the leader leaves behind goes with it, so that nothing overlaps with the next process. */
  async #untilGone(group: SpawnedGroup): Promise<Pick<Exit, 'code' | 'signal'>> {
    const {pid, exited} = group
    const ending = new Ending(group, this.#house.clock)
    this.#ending = ending
    this.#house.groups.add(group)
    if (this.#stopping) void ending.killNow()
    else this.#begin(pid)
    const ended = await exited
    this.#exited.resolve()
    ending.killIn(this.#spec.grace)
    if (!(await ending.group())) {
      const text = `processes of group ${pid} can't be killed; they were left`
      this.#listener.print({stream: 'log', level: 'error', text})
    }
    ending.close()
    this.#house.groups.delete(pid)
    await this.#lastWords()
    return ended
  }

  #begin(pid: number): void {
    const {readiness} = this.#spec
    this.#listener.onStarted(pid)
    this.messages.begin()
    if (readiness.by === 'spawn') {
      this.#becomeReady()
    } else if (readiness.by !== 'task') {
      this.#timers.after(readiness.timeout, () => {
        if (!this.#ready) this.#notReady(readiness.timeout)
      })
      if (readiness.by === 'server' && readiness.sockets) this.#watchSockets(pid, readiness.sockets)
    }
  }

  #watchSockets(pid: number, when: true | 'late'): void {
    this.#sockets = watchSockets(pid, when, this.#timers, {
      isReady: () => this.#ready,
      isOver: () => this.#stopping || this.#over,
      onGuess: url =>
        this.#remark(`it has not said where it listens in words that are known; its processes do on ${url}`),
      onFound: params => this.messages.take({method: 'server/listening', params}),
      onGone: url => this.messages.take({method: 'server/closed', params: {url}}),
    })
  }

  /** What the process sent before it ended may still be on its way through the socket. */
  async #lastWords(): Promise<void> {
    const heard = new AbortController()
    const patience = delay(lastWordsPatience, undefined, {signal: heard.signal}).catch(() => {})
    await Promise.race([this.#connection?.closed, patience])
    heard.abort()
  }

  #welcome(
    connection: Connection,
    {capabilities}: InitializeParams,
  ): Omit<InitializeResult, 'protocolVersion'> {
    const {id, ipc, readiness} = this.#spec
    if (!ipc || !this.#ending) throw new Error(`worker ${id} has no socket, or no process`)
    this.#connection = connection
    this.#canCompile = capabilities.compile !== false
    receive(connection, {
      onMessage: message => this.messages.take(message),
      onProblem: text => this.#listener.print({stream: 'log', level: 'warning', text}),
    })
    void connection.closed.then(reason => this.#disconnected(reason))
    this.#listener.onConnection(connection)
    this.#connected.resolve(connection)
    this.#listener.onConnected(this.#ending.pid)
    // After the answer to `initialize` is on its way: who is ready may be sent requests at once.
    if (readiness.by === 'protocol') setImmediate(() => this.#becomeReady())
    return ipc
  }

  #refused(problem: Error, alone: boolean): void {
    // If nobody else is expected, it was this one.
    if (alone && problem instanceof IpcError && peerMistakes.has(problem.code)) this.#garbage(problem)
    else this.#remark(`somebody was turned away from the socket: ${problem.message}`)
  }

  #disconnected(reason: Error | undefined): void {
    this.#connection = undefined
    if (reason instanceof IpcError) {
      this.#garbage(reason)
    } else if (!this.#over) {
      this.#timers.after(this.#spec.grace, () => {
        this.#fail('WORKER_PROTOCOL_ERROR', 'closed its connection, but did not end')
      })
    }
  }

  #notReady(timeout: number): void {
    const silent = this.messages.silentServer
    if (silent !== undefined) this.#note ??= nobodyAnswers(silent)
    this.#fail('WORKER_NOT_READY', `was not ready within ${timeout / 1000} s`)
  }

  #garbage(problem: Error): void {
    this.#fail('WORKER_PROTOCOL_ERROR', `does not speak the protocol: ${problem.message}`)
  }

  #remark(text: string): void {
    this.#note = text
    this.#listener.print({stream: 'log', level: 'warning', text})
  }

  #fail(code: WorkerFailure['code'], what: string): void {
    if (this.#stopping || this.#over) return
    const {label, grace} = this.#spec
    const why = this.#note === undefined ? '' : `: ${this.#note}`
    this.#failure = {code, message: `${label} ${what}${why}`}
    this.stop(grace)
  }

  #becomeReady(): void {
    if (this.#ready || this.#stopping || this.#over || !this.#ending) return
    this.#ready = true
    this.#listener.onReady(this.#ending.pid)
  }
}

function nobodyAnswers(url: string): string {
  return `it says that it listens on ${url}, but nobody answers there`
}
