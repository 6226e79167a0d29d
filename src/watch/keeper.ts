import {pathToFileURL} from 'node:url'
import {messageOf, UserError} from '../base/errors.ts'
import type {WatchPlan} from '../driver/plan.ts'
import {type Event, hasEnded} from '../model/event.ts'
import type {Supervisor, Worker} from '../supervisor/types.ts'
import type {Change} from './change.ts'
import type {FilesListener, ProjectFiles} from './project-files.ts'

export interface KeptAtWork {
  worker: Worker
  kind: WatchPlan['kind']
  supervisor: Supervisor
  files: ProjectFiles
  /** Toolchains whose good runs are reason for one of this. */
  after: readonly string[]
}

/** What is done about a project's files while a worker lives. */
export abstract class Keeper {
  protected readonly kept: KeptAtWork
  readonly #begun = Promise.withResolvers<void>()
  #forget: (() => void) | undefined

  constructor(kept: KeptAtWork) {
    this.kept = kept
    // Nobody may wait for it.
    this.#begun.promise.catch(() => {})
  }

  /** See `keepAtWork`. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  enter(): void {
    const {files, supervisor, worker} = this.kept
    this.#forget ??= files.listen({
      ...this.listener,
      onTrouble: error => {
        const isEnd = error instanceof UserError && this.listener.isVital
        supervisor.note(worker.spec, isEnd ? 'error' : 'warning', messageOf(error))
        if (isEnd) void worker.stop()
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
    if (event.type === 'task/finish') this.hasBegun()
    if (isState && hasEnded(event)) {
      this.hasBegun()
      this.leave()
    } else {
      if (isState) this.enter()
      this.heard(event)
    }
  }

  protected hasBegun(): void {
    this.#begun.resolve()
  }

  /** It will never run: what is wrong goes to who waits for its beginning. */
  protected cannotBegin(error: UserError): void {
    this.#begun.reject(error)
  }

  /** Runs once more. */
  again(): void {}

  protected abstract readonly listener: Omit<FilesListener, 'onTrouble'>
  protected abstract heard(event: Event): void
  protected left(): void {}

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
