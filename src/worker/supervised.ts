import {setTimeout as delay} from 'node:timers/promises'
import {deferred} from '../base/deferred.ts'
import {messageOf} from '../base/errors.ts'
import {connectSocket} from '../ipc/connect.ts'
import {initialize} from '../ipc/handshake.ts'
import type {Connection} from '../ipc/types.ts'
import {unchecked} from '../ipc/unchecked.ts'
import type {CompileParams, CompileResult, InitializeResult, WorkerMessage} from '../model/protocol.ts'
import {protocolVersion, Status} from '../model/wire.ts'
import * as checks from './checks.ts'
import type {Compiler, FileChange, TaskReport} from './compiler.ts'
import {runTask, serverReport} from './report.ts'
import type {Surroundings} from './surroundings.ts'
import {Tally} from './tally.ts'

/** A compiler that says much in one go, without awaiting, may fill this much of its own memory. */
const maxQueuedBytes = 256 * 1024 * 1024
/** Ms that running work has to end by itself after a shutdown; less when the supervisor is lost. */
const endGrace = 2_000
const lostGrace = 1_000

/** Joins the supervisor, does what it asks, and ends the process when it says so or is gone. */
export async function runSupervised(
  compiler: Compiler,
  around: Surroundings,
  {socket, workerId, token}: NonNullable<Surroundings['supervisor']>,
): Promise<void> {
  const connection = await connectSocket(socket, {maxQueuedBytes})
  const worker = new SupervisedWorker(compiler, connection)
  const {name, version, serve} = compiler
  const capabilities = {compile: true, serve: serve !== undefined}
  const params = {protocolVersion, workerId, token, name, version, capabilities}
  const setup = checks.initializeResult.safeParse(await initialize(connection, params))
  if (!setup.success) throw new Error(`the supervisor's answer to initialize is none: ${setup.error.message}`)
  worker.start(setup.data)
  await connection.closed
  await worker.end(lostGrace)
  around.exit(worker.exitCode)
}

class SupervisedWorker {
  readonly #compiler: Compiler
  readonly #connection: Connection
  readonly #ending = new AbortController()
  readonly #setup = deferred<InitializeResult>()
  #changes: FileChange[] = []
  /** The files that the supervisor knows something about. */
  readonly #reported = new Set<string>()
  /** The work under way: each compile waits for the one before, the first one for the setup. */
  #work: Promise<unknown> = this.#setup.promise
  #serving: Promise<void> | undefined
  /** Says of its servers that they are closed. */
  #closeServers = () => {}
  #ended: Promise<unknown> | undefined
  /** Until the supervisor says `shutdown`, an end is a loss. */
  exitCode = 1

  constructor(compiler: Compiler, connection: Connection) {
    this.#compiler = compiler
    this.#connection = connection
    connection.onRequest('compile', checks.compileParams, (params, signal) => this.#enqueue(params, signal))
    connection.onRequest('shutdown', unchecked(), async () => {
      this.exitCode = 0
      await this.end()
    })
    connection.onNotification('exit', unchecked(), () => connection.close())
    connection.onNotification('files/changed', checks.filesChangedParams, ({changes}) => {
      this.#changes.push(...changes)
    })
  }

  start(setup: InitializeResult): void {
    this.#setup.resolve(setup)
    if (setup.mode === 'serve') this.#serving = this.#serve(setup)
  }

  /** Aborts what runs, and gives it a moment to end. */
  end(grace = endGrace): Promise<unknown> {
    this.#ending.abort()
    this.#ended ??= Promise.race([Promise.all([this.#work, this.#serving]), delay(grace)]).then(() =>
      this.#closeServers(),
    )
    return this.#ended
  }

  #enqueue(params: CompileParams, signal: AbortSignal): Promise<CompileResult> {
    const result = this.#work.then(() => this.#compile(params, signal))
    this.#work = result.catch(() => {})
    return result
  }

  async #compile({taskId, arguments: given}: CompileParams, cancelled: AbortSignal): Promise<CompileResult> {
    const signal = AbortSignal.any([cancelled, this.#ending.signal])
    if (signal.aborted) return {status: Status.cancelled}
    const {root, mode} = await this.#setup.promise
    const changes = this.#changes.splice(0)
    const {name, version} = this.#compiler
    const tally = new Tally()
    const scope = {say: this.#say, source: name, signal, tally, taskId}
    try {
      const {status} = await runTask(scope, `${name} ${version}`, async report => {
        await this.#compiler.compile({arguments: given, root, mode, changes, signal}, report)
        if (!signal.aborted) await this.#forgetOthers(tally.uris, report)
      })
      return {status}
    } catch (error) {
      if (signal.aborted) return {status: Status.cancelled}
      throw error
    } finally {
      for (const uri of tally.uris) this.#reported.add(uri)
    }
  }

  /** A whole compile said nothing of these files any more: they are clean now, or gone. */
  async #forgetOthers(uris: ReadonlySet<string>, report: TaskReport): Promise<void> {
    for (const uri of this.#reported) {
      if (!uris.has(uri)) await report.diagnostics(uri, [])
    }
    this.#reported.clear()
  }

  async #serve({root, arguments: given, server: {host, port}}: InitializeResult): Promise<void> {
    const {name, serve} = this.#compiler
    const {signal} = this.#ending
    const {closeAll, ...report} = serverReport({say: this.#say, source: name, signal, tally: new Tally()})
    this.#closeServers = closeAll
    try {
      if (!serve) throw new Error(`${name} has no server`)
      await serve.call(this.#compiler, {arguments: given, root, host, port, signal}, report)
    } catch (error) {
      if (signal.aborted) return
      report.log('error', messageOf(error))
      this.#connection.close()
    }
  }

  #say = (message: WorkerMessage): Promise<void> => this.#connection.notify(message.method, message.params)
}
