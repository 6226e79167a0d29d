import {pathToFileURL} from 'node:url'
import {messageOf, UserError} from '../base/errors.ts'
import {shortPath} from '../base/origin.ts'
import type {WatchPlan} from '../driver/plan.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import {type Event, hasEnded} from '../model/event.ts'
import {Status} from '../model/protocol.ts'
import type {Supervisor, Worker} from '../supervisor/types.ts'
import type {Change, JudgedChange} from './change.ts'
import type {FilesListener, ProjectFiles} from './project-files.ts'
import {Reruns} from './reruns.ts'

export interface KeptAtWork {
  worker: Worker
  kind: WatchPlan['kind']
  supervisor: Supervisor
  files: ProjectFiles
  /** Toolchains whose good runs are reason for one of this. */
  after: readonly string[]
}

/**
 * Runs a compiler anew whenever its project's files change, for as long as its worker is meant to run; of one that watches by
 * itself only the time of changes is told, so that it is known how long an answer took.
 * @returns resolves when its first run is over, or it has ended
 */
export function keepAtWork(kept: KeptAtWork): Promise<void> {
  const {worker, supervisor, kind} = kept
  const keeper =
    kind === 'own' ? new Timekeeper(kept) : kind === 'rerun' ? new Starter(kept) : new Asker(kept)
  const begun = Promise.withResolvers<void>()
  const forget = supervisor.onEvent(event => {
    if (event.workerId === worker.id) {
      if (event.type === 'task/finish' || (event.type === 'worker/state' && hasEnded(event))) begun.resolve()
      if (event.type === 'worker/removed' || supervisor.get(worker.id) !== worker) {
        keeper.leave()
        return forget()
      }
      keeper.hear(event)
    } else if (event.type === 'task/finish' && event.status === Status.ok && isBefore(event, kept)) {
      keeper.again()
    }
  })
  keeper.enter()
  return begun.promise
}

function isBefore({workerId}: Event, {after}: KeptAtWork): boolean {
  const {mode, toolchain} = readWorkerId(workerId) ?? {}
  return mode === 'watch' && toolchain !== undefined && after.includes(toolchain)
}

/** What is done about a project's files while a worker lives. */
abstract class Keeper {
  protected readonly kept: KeptAtWork
  #forget: (() => void) | undefined

  constructor(kept: KeptAtWork) {
    this.kept = kept
  }

  enter(): void {
    const {files, supervisor, worker} = this.kept
    this.#forget ??= files.listen({
      ...this.listener,
      onTrouble: error => {
        supervisor.note(worker.spec, this.isVital(error) ? 'error' : 'warning', messageOf(error))
        if (this.isVital(error)) void worker.stop()
      },
    })
  }

  leave(): void {
    this.#forget?.()
    this.#forget = undefined
    this.resting()
    this.left()
  }

  hear(event: Event): void {
    const isState = event.type === 'worker/state'
    if (isState && hasEnded(event)) {
      this.leave()
    } else {
      if (isState) this.enter()
      this.heard(event)
    }
  }

  /** Runs once more. */
  again(): void {}

  protected abstract readonly listener: Omit<FilesListener, 'onTrouble'>
  protected abstract heard(event: Event): void
  protected left(): void {}
  protected isVital(error: unknown): boolean {
    return error instanceof UserError
  }

  protected working(): void {
    this.kept.files.judge.began(this.kept.worker.id, Date.now())
  }

  protected resting(): void {
    this.kept.files.judge.ended(this.kept.worker.id, Date.now())
  }

  protected tell(changes: readonly Change[]): void {
    const at = Math.max(...changes.map(change => change.at))
    const numbers = {created: 1, changed: 2, deleted: 3} as const
    const told = changes.map(({path, type}) => ({uri: pathToFileURL(path).href, type: numbers[type]}))
    if (told.length > 0) this.kept.worker.filesChanged(told, at)
  }
}

/** Ms between two tellings of changes. */
const pace = 50

/** For a compiler that watches by itself, and may be faster than any gathering of changes. */
class Timekeeper extends Keeper {
  readonly #since = Date.now()
  readonly #sources = new Set<string>()
  #untold: Change[] = []
  #timer: NodeJS.Timeout | undefined

  protected readonly listener = {
    onChange: (change: JudgedChange) => {
      const {path, at, during} = change
      if (!during) this.#sources.add(path)
      if (at < this.#since || !this.#sources.has(path)) return
      this.#untold.push(change)
      if (this.#timer === undefined) this.#tellAll()
    },
  }

  #tellAll(): void {
    const changes = this.#untold.splice(0)
    this.tell(changes)
    this.#timer = changes.length > 0 ? setTimeout(() => this.#tellAll(), pace) : undefined
  }

  protected override left(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#untold = []
  }

  protected heard({type}: Event): void {
    if (type === 'task/start') this.working()
    if (type === 'task/finish') this.resting()
  }

  protected override isVital(): boolean {
    return false
  }
}

/** For those that have to be told to work. */
abstract class Rerunner extends Keeper {
  protected readonly reruns = new Reruns({
    run: changes => {
      this.began()
      this.tell(changes)
      this.run()
    },
    onOutputs: paths => {
      const {supervisor, worker} = this.kept
      const {cwd} = worker.spec
      const some = paths.slice(0, 3).map(path => shortPath(path, cwd))
      const more = paths.length > some.length ? ` and ${paths.length - some.length} more` : ''
      const text = `what is written to ${some.join(', ')}${more} while compilers run starts no run any more; a line in .gitignore says so from the start`
      supervisor.note(worker.spec, 'warning', text)
    },
  })

  override again(): void {
    if (!hasEnded(this.kept.worker.info)) this.reruns.again()
  }

  protected abstract run(): void

  protected began(): void {
    this.working()
    this.reruns.began(Date.now())
  }

  protected ended(): void {
    this.resting()
    this.reruns.ended()
  }

  protected readonly listener = {
    onChanges: (changes: readonly JudgedChange[]) => this.reruns.take(changes),
  }

  protected override left(): void {
    this.reruns.forget()
  }
}

/** For a compiler each of whose processes is a run. */
class Starter extends Rerunner {
  constructor(kept: KeptAtWork) {
    super(kept)
    this.began()
  }

  protected run(): void {
    // Why it can't is told by its states.
    this.kept.worker.restart().catch(() => {})
  }

  protected heard(event: Event): void {
    if (event.type !== 'worker/state') return
    const {kind, ...state} = event.state
    // Somebody else may have started it.
    if (kind === 'starting' && 'pid' in state && state.pid === null) this.began()
    if (kind === 'idle') this.ended()
  }
}

/** For a compiler of the protocol, which lives on. */
class Asker extends Rerunner {
  #runs = 0
  #isCompiling = false

  constructor(kept: KeptAtWork) {
    super(kept)
    // Until it is ready there is no use in asking, and then all is compiled.
    this.reruns.began(Date.now())
  }

  protected run(): void {
    const {worker, supervisor} = this.kept
    this.#runs += 1
    this.#isCompiling = true
    const taskId = `run-${this.#runs}`
    worker
      .compile({taskId, arguments: [...(worker.spec.ipc?.arguments ?? [])]})
      .catch(error => {
        if (this.#isReady) supervisor.note(worker.spec, 'error', messageOf(error))
      })
      .finally(() => {
        this.#isCompiling = false
        if (this.#isReady) this.ended()
        else this.resting()
      })
  }

  /** A new process has compiled nothing yet. */
  protected heard(event: Event): void {
    if (event.type !== 'worker/state' || event.state.kind !== 'ready') return
    this.reruns.again()
    if (!this.#isCompiling) this.ended()
  }

  protected override left(): void {
    super.left()
    this.reruns.began(Date.now())
  }

  get #isReady(): boolean {
    return this.kept.worker.info.state.kind === 'ready'
  }
}
