import type {UserError} from '../base/errors.ts'
import {IpcError} from '../ipc/errors.ts'
import type {Connection, RequestOptions} from '../ipc/types.ts'
import type {Exit, WorkerInfo, WorkerState} from '../model/event.ts'
import type {CompileParams, FilesChangedParams, StatusCode} from '../model/protocol.ts'
import {askRun} from './ask-run.ts'
import {Compiles} from './compiles.ts'
import type {Household, RunListener, WorkerListener} from './household.ts'
import {IdleTimer} from './idle-timer.ts'
import {introduce} from './introduce.ts'
import {afterExit, type History, withExit} from './policy.ts'
import {Run} from './run.ts'
import {Tail} from './tail.ts'
import type {LogLine, Outcome, Worker, WorkerSpec} from './types.ts'
import {within} from './within.ts'
import {cannotCompile, supervisorStopped, workerError} from './worker-error.ts'

/** Ms in which a worker that is ready connects, and answers. */
const usualTimeout = 30_000

const fresh: History = {exits: [], wasReady: false}

/** A worker through all its processes: the loop of starting, waiting for the end, and deciding what comes next. */
export class SupervisedWorker implements Worker {
  readonly spec: WorkerSpec
  readonly #house: Household
  readonly #listener: WorkerListener
  readonly #tail = new Tail()
  #state: WorkerState
  #run: Run | undefined
  /** What the person wants. */
  #intent: 'run' | 'stop' | 'restart' = 'run'
  /** Ends the wait for the next start. */
  #wake: () => void = () => {}
  #history = fresh
  #readyAt: number | undefined
  #restarts = 0
  #hasRun = false
  /** How often it was told to stop: the last wish counts. */
  #stops = 0
  #outcome: Outcome | undefined
  #done = Promise.withResolvers<Outcome>()
  #waiting: PromiseWithResolvers<void>[] = []
  readonly #compiles = new Compiles()
  readonly #idle: IdleTimer

  constructor(spec: WorkerSpec, house: Household, listener: WorkerListener) {
    this.spec = spec
    this.#house = house
    this.#listener = listener
    this.#idle = new IdleTimer(house.clock, spec.idleTimeout, () => void this.stop())
    this.#state = this.#starting()
  }

  /** Starts it; events come from here on. */
  begin(): void {
    void this.#live()
  }

  get done(): Promise<Outcome> {
    return this.#done.promise
  }

  get id(): string {
    return this.spec.id
  }

  get info(): WorkerInfo {
    const pid = 'pid' in this.#state ? this.#state.pid : null
    const {id: workerId, label} = this.spec
    return {workerId, label, state: this.#state, pid, restarts: this.#restarts}
  }

  async ready(): Promise<void> {
    if (this.#outcome) throw this.#error(this.#outcome)
    const {kind} = this.#state
    if (kind === 'ready' || (kind === 'idle' && this.#wants('run'))) return
    const waiting = Promise.withResolvers<void>()
    this.#waiting.push(waiting)
    await waiting.promise
  }

  async compile(params: CompileParams, signal?: AbortSignal): Promise<{status: StatusCode}> {
    if (!this.spec.ipc) throw cannotCompile(this.spec)
    return this.#compiles.take(active => this.#compile(params, active), signal)
  }

  async #compile(params: CompileParams, signal?: AbortSignal): Promise<{status: StatusCode}> {
    this.#idle.cancel()
    try {
      const ended = (exit: Exit) => this.#error({kind: 'exited', exit})
      return await askRun(await this.#nextRun(ended), params, signal, ended)
    } finally {
      if (!this.#outcome) this.#idle.start()
    }
  }

  /** The process that is ready; one that runs on demand is started for it. */
  async #nextRun(ended: (exit: Exit) => Error): Promise<Run> {
    await this.ready()
    if (this.#state.kind === 'idle') await this.restart()
    // It may have ended since; then the next process is asked, if there is one.
    if (this.#run) return this.#run
    if (this.#state.kind === 'idle') throw ended(this.#state.exit)
    return this.#nextRun(ended)
  }

  async request<R = unknown>(method: string, params: object = {}, options: RequestOptions = {}): Promise<R> {
    const connection = await this.#connection(options.timeout)
    return connection.request<R>(method, params, options)
  }

  async notify(method: string, params: object = {}): Promise<void> {
    const connection = await this.#connection()
    await connection.notify(method, params)
  }

  filesChanged(changes: FilesChangedParams['changes'], at: number): void {
    if (changes.length === 0) return
    this.#listener.publish({type: 'files/changed', at, count: changes.length})
    this.#run?.filesChanged(changes)
  }

  async stop({grace = this.spec.grace}: {grace?: number} = {}): Promise<Outcome> {
    this.#stops += 1
    if (!this.#outcome) {
      this.#intent = 'stop'
      this.#run?.stop(grace)
      this.#wake()
    }
    return this.done
  }

  async restart(): Promise<void> {
    await this.#stopped()
    if (!this.#listener.mayStart(this)) throw supervisorStopped(this.spec)
    if (this.#outcome) {
      this.#outcome = undefined
      this.#done = Promise.withResolvers()
      this.#restarts += 1
      this.#renew()
      this.begin()
    } else {
      this.#intent = 'restart'
      this.#run?.stop(this.spec.grace)
      this.#wake()
    }
    await this.ready()
  }

  /** Waits for the end that somebody else waits for, if it is told to stop. @throws UserError if it is told so again */
  async #stopped(): Promise<void> {
    const stops = this.#stops
    while (!this.#outcome && this.#wants('stop')) {
      const outcome = await this.done
      if (this.#stops !== stops) throw this.#error(outcome)
    }
  }

  /** That of its process, once there is one. */
  async #connection(timeout = usualTimeout): Promise<Connection> {
    if (!this.spec.ipc) throw new Error(`worker ${this.id} can't be asked: it has no socket`)
    const late = () =>
      new IpcError('REQUEST_TIMEOUT', `worker ${this.id} did not connect within ${timeout} ms`)
    return within(this.#whenConnected(), {clock: this.#house.clock, timeout, late})
  }

  async #whenConnected(): Promise<Connection> {
    await this.ready()
    const connection = await this.#run?.connected
    if (connection) return connection
    throw new IpcError('CONNECTION_CLOSED', `worker ${this.id} ended before it connected`)
  }

  tail(): LogLine[] {
    return this.#tail.lines()
  }

  async #live(): Promise<void> {
    const outcome = await this.#untilTheEnd()
    // A listener may start it again at once; what waits for this end must not wait for the next.
    const [done, waiting] = [this.#done, this.#waiting.splice(0)]
    this.#outcome = outcome
    this.#idle.cancel()
    this.#enter(outcome.kind === 'failed' ? outcome : {kind: 'stopped', exit: outcome.exit})
    for (const {reject} of waiting) reject(this.#error(outcome))
    done.resolve(outcome)
  }

  async #untilTheEnd(): Promise<Outcome> {
    for (;;) {
      const exit = await this.#runOnce()
      if (this.#wants('stop')) return {kind: 'stopped', exit}
      if (!this.#wants('restart')) {
        const outcome = await this.#decide(exit)
        if (outcome) return outcome
      }
      if (this.#wants('restart')) this.#renew()
      // One that runs on demand does so all day.
      if (this.spec.restart.restart !== 'on-demand') this.#restarts += 1
    }
  }

  async #runOnce(): Promise<Exit | undefined> {
    this.#enter(this.#starting())
    if (this.spec.restart.restart !== 'on-demand' || !this.#hasRun) this.#listener.forgetDiagnostics()
    this.#hasRun = true
    this.#readyAt = undefined
    // A listener may have changed its mind.
    if (!this.#wants('run')) return undefined
    this.#run = new Run(this.spec, this.#house, this.#runListener())
    const exit = await this.#run.ended
    this.#run = undefined
    return exit
  }

  /** Waits for the next start, or says that there will be none. */
  async #decide(exit: Exit | undefined): Promise<Outcome | undefined> {
    if (!exit) throw new Error(`worker ${this.id} ended without an exit`)
    const {clock, random} = this.#house
    const missing = this.spec.missing?.()
    if (missing !== undefined) {
      this.#listener.note('error', `${missing}; it goes on when that is there`)
      return this.#rest(exit)
    }
    this.#history = withExit(this.spec.restart, this.#history, exit, this.#readyAt)
    const decision = afterExit(this.spec.restart, this.#history, clock.now(), random())
    switch (decision.kind) {
      case 'exited':
        return {kind: 'exited', exit}
      case 'give-up':
        return {kind: 'failed', reason: decision.reason, exit}
      case 'wait':
        return this.#rest(exit)
      case 'restart': {
        const {delay, attempt} = decision
        this.#enter({kind: 'backoff', until: clock.now() + delay, attempt, exit})
        if (this.#wants('run')) await this.#sleep(delay)
        return this.#wants('stop') ? {kind: 'stopped', exit} : undefined
      }
    }
  }

  /** Waits until it is asked to run. */
  async #rest(exit: Exit): Promise<Outcome | undefined> {
    const asked = this.#untilWoken()
    this.#enter({kind: 'idle', since: this.#house.clock.now(), exit})
    for (const {resolve} of this.#waiting.splice(0)) resolve()
    if (this.#wants('run')) await asked
    return this.#wants('stop') ? {kind: 'stopped', exit} : undefined
  }

  #runListener(): RunListener {
    const {clock} = this.#house
    return {
      publish: event => this.#listener.publish(event),
      print: line => this.#print(line),
      onStarted: pid => this.#enter({...this.#starting(), pid}),
      onConnection: connection =>
        introduce(this, connection, text => this.#print({stream: 'log', level: 'error', text})),
      onConnected: pid => {
        if (this.#state.kind === 'starting') this.#enter({kind: 'connected', since: clock.now(), pid})
      },
      onReady: pid => {
        this.#readyAt = clock.now()
        this.#history = {...this.#history, wasReady: true}
        this.#enter({kind: 'ready', since: this.#readyAt, pid})
        if (!this.#compiles.busy) this.#idle.start()
        for (const {resolve} of this.#waiting.splice(0)) resolve()
      },
      onStopping: (pid, deadline) => this.#enter({kind: 'stopping', pid, deadline}),
    }
  }

  #print(line: Pick<LogLine, 'stream' | 'level' | 'text'>): void {
    const full = {workerId: this.id, label: this.spec.label, ...line}
    this.#tail.push(full)
    this.#listener.onLine(full)
  }

  #starting(): WorkerState & {kind: 'starting'} {
    return {kind: 'starting', since: this.#house.clock.now(), pid: null, restarts: this.#restarts}
  }

  #enter(state: WorkerState): void {
    this.#state = state
    this.#listener.publish({type: 'worker/state', state})
  }

  #wants(intent: 'run' | 'stop' | 'restart'): boolean {
    return this.#intent === intent
  }

  /** Started by the person's wish: nothing that was counts. */
  #renew(): void {
    this.#intent = 'run'
    this.#history = fresh
  }

  async #sleep(ms: number): Promise<void> {
    const woken = this.#untilWoken()
    const cancel = this.#house.clock.setTimeout(this.#wake, ms)
    await woken
    cancel()
  }

  #untilWoken(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  #error(outcome: Outcome): UserError {
    return workerError(this.spec, outcome, this.tail())
  }
}
