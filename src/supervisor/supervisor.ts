/*
 * Theory of operation
 *
 * A supervisor owns workers. A worker is a wish that a program runs; a run is one process of it. Three loops, one
 * inside the other:
 *
 *   Run       spawn → (initialize) → (ready) → exit → whole group gone → last words heard. One process, once.
 *   Worker    run → decide (policy.ts, pure) → back off → run …, until it is stopped, done or given up.
 *   Supervisor  the workers by id, what they share (the socket, the clock, the event log), and the end of it all.
 *
 * All that happens becomes an event, in one order, numbered in the event log; everything that watches (the terminal,
 * the control socket) reads from there. An interpreter's messages and those of a worker's socket take the same way.
 *
 * Invariants
 * - No process overlaps with its successor: a run ends when its process *group* is gone.
 * - A start guarantees a finish: tasks and servers that a process leaves open are closed with it (books.ts).
 * - A server is announced only after a connection to it succeeded (servers.ts).
 * - A reader of events keeps a position, not a queue; what is kept for it is bounded by the ring.
 * - Nothing outlives the supervisor: its watchdog runs before the first process does, and knows every group.
 * - Time comes from the clock that was given, except where the system is waited for (pipes, dying processes).
 */
import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {messageOf} from '../base/errors.ts'
import {type EventBody, hasEnded} from '../model/event.ts'
import {systemClock} from '../process/clock.ts'
import {Watchdog} from '../process/watchdog.ts'
import {Door} from './door.ts'
import {EventLog} from './event-log.ts'
import type {Household} from './household.ts'
import {Lines} from './lines.ts'
import {Listing, Room} from './listing.ts'
import {LiveGroups} from './live-groups.ts'
import {workersSocket} from './run-folder.ts'
import {ownSupervisors, temporaryFolder} from './surroundings.ts'
import type {
  EndedWorker,
  EventListener,
  LineSource,
  LogLine,
  Supervisor,
  SupervisorOptions,
  Worker,
  WorkerOptions,
  WorkerSpec,
} from './types.ts'
import {SupervisedWorker} from './worker.ts'
import {supervisorStopped} from './worker-error.ts'
import {workerSpec} from './worker-options.ts'

/** A supervisor without workers. It holds nothing open until the first one starts. */
export function createSupervisor(options: SupervisorOptions = {}): Supervisor {
  return new ProcessSupervisor(options)
}

class ProcessSupervisor implements Supervisor {
  readonly instance = randomUUID()
  readonly events = new EventLog(this.instance, (error, {workerId, label, type}) =>
    this.#tell(failure({workerId, label}, `${messageOf(error)} (at ${type})`)),
  )
  readonly #house: Household
  readonly #watchdog: Watchdog
  readonly #workers = new Map<string, Worker>()
  readonly #room = new Room()
  readonly #listings = new Map<string, Listing>()
  readonly #lineListeners = new Set<(line: LogLine) => void>()
  #lines: Lines | undefined
  #closed = false
  #toldUnwatched = false

  constructor(options: SupervisorOptions) {
    const {
      directory = temporaryFolder(this.instance),
      above = ownSupervisors(),
      stdin,
      clock = systemClock,
      random = Math.random,
      watchdog: script,
    } = options
    this.#watchdog = new Watchdog({id: this.instance, script, onUseless: why => this.#unwatched(why)})
    this.#house = {
      clock,
      random,
      stdin,
      door: new Door(directory, workersSocket(this.instance)),
      groups: new LiveGroups(this.#watchdog),
      supervisors: [...above, this.instance],
    }
  }

  start(options: WorkerOptions): Worker {
    const spec = workerSpec(options, id => this.#runs(id))
    if (this.#closed) throw supervisorStopped(spec)
    if (this.#runs(spec.id)) throw new Error(`worker ${spec.id} runs already`)
    if (/[\0\n]/.test(spec.id)) throw new Error(`${JSON.stringify(spec.id)} can't be the id of a worker`)
    const {id: workerId, label} = spec
    const listing = this.#listingFor(spec)
    const publish = (event: EventBody) => {
      if (event.type !== 'diagnostics/publish') return this.events.publish({workerId, label, ...event})
      const {type, ...published} = event
      for (const one of listing.take(published)) this.events.publish({workerId, label, type, ...one})
    }
    const worker = new SupervisedWorker(spec, this.#house, {
      publish,
      onLine: line => this.#tell(line),
      note: (level, text) => this.note(spec, level, text),
      forgetDiagnostics: () => {
        listing.forget()
        this.#clearFiles({workerId, label})
      },
      mayStart: one => !this.#closed && this.#workers.get(workerId) === one,
    })
    this.#workers.set(workerId, worker)
    worker.begin()
    return worker
  }

  async spawn(options: WorkerOptions): Promise<Worker> {
    const worker = this.start(options)
    await worker.ready()
    return worker
  }

  get closed(): boolean {
    return this.#closed
  }

  remove(id: string): void {
    const worker = this.#workers.get(id)
    if (worker === undefined) return
    if (!hasEnded(worker.info)) throw new Error(`worker ${id} runs`)
    const {label} = worker.spec
    this.#listings.get(id)?.forget()
    this.#listings.delete(id)
    this.#workers.delete(id)
    this.#clearFiles({workerId: id, label})
    this.events.publish({workerId: id, label, type: 'worker/removed'})
  }

  note(
    {id: workerId, label}: Pick<WorkerSpec, 'id' | 'label'>,
    level: NonNullable<LogLine['level']>,
    text: string,
  ): void {
    this.#tell({workerId, label, stream: 'log', level, text})
    this.events.publish({workerId, label, type: 'worker/note', level, message: text})
  }

  list(): Worker[] {
    return [...this.#workers.values()]
  }

  get(id: string): Worker | undefined {
    return this.#workers.get(id)
  }

  onEvent(listener: EventListener): () => void {
    return this.events.onEvent(listener)
  }

  onLine(listener: (line: LogLine) => void): () => void {
    this.#lineListeners.add(listener)
    return () => this.#lineListeners.delete(listener)
  }

  get lines(): LineSource {
    return this.#keptLines()
  }

  async shutdown(options: {grace?: number} = {}): Promise<EndedWorker[]> {
    this.#closed = true
    const ended = await Promise.all(
      this.list().map(async worker => ({worker, outcome: await worker.stop(options)})),
    )
    this.#watchdog.close()
    await this.#house.door.close()
    this.events.end()
    this.#lines?.end()
    return ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  #runs(id: string): boolean {
    const worker = this.#workers.get(id)
    return worker !== undefined && !hasEnded(worker.info)
  }

  /** Only those who ask for them pay for them. */
  #keptLines(): Lines {
    if (this.#lines) return this.#lines
    const lines = new Lines()
    this.#lines = lines
    this.onLine(line => lines.push(line, Date.now()))
    if (this.events.ended) lines.end()
    return lines
  }

  #clearFiles(who: Pick<LogLine, 'workerId' | 'label'>): void {
    for (const uri of this.events.picture.filesOf(who.workerId)) {
      this.events.publish({...who, type: 'diagnostics/publish', uri, diagnostics: [], reset: true})
    }
  }

  /** Told once, as something about the worker that was started last. */
  #unwatched(why: string): void {
    const worker = this.list().at(-1)
    if (worker === undefined || this.#toldUnwatched) return
    this.#toldUnwatched = true
    const {id: workerId, label} = worker.spec
    const text = `there is no watchdog (${why}): if this process is killed by SIGKILL, compilers may live on`
    this.#tell({workerId, label, stream: 'log', level: 'warning', text})
  }

  #listingFor({id: workerId, label, cwd}: WorkerSpec): Listing {
    this.#listings.get(workerId)?.forget()
    const listing = new Listing({workerId, label}, pathToFileURL(join(cwd, '/')).href, this.#room)
    this.#listings.set(workerId, listing)
    return listing
  }

  #tell(line: LogLine): void {
    for (const listener of [...this.#lineListeners]) {
      try {
        listener(line)
      } catch (error) {
        // Of one that can't even take the news of its failure nothing can be told.
        if (!line.text.startsWith(listenerFailed)) this.#tell(failure(line, messageOf(error)))
      }
    }
  }
}

const listenerFailed = 'a listener failed'

function failure({workerId, label}: Pick<LogLine, 'workerId' | 'label'>, why: string): LogLine {
  return {workerId, label, stream: 'log', level: 'error', text: `${listenerFailed}: ${why}`}
}
