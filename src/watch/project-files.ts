import {UserError} from '../base/errors.ts'
import type {Change, JudgedChange} from './change.ts'
import type {WatchedFiles} from './files.ts'
import {Judge} from './judge.ts'

export interface FilesListener {
  /** Changes that came together, and count. */
  onChanges?(changes: readonly JudgedChange[]): void
  /** Each one at once. */
  onChange?(change: JudgedChange): void
  /** Whether it can't do without. */
  isVital: boolean
  /** What can't be watched. A UserError means that nothing is. */
  onTrouble(error: unknown): void
}

/** The clock of a file system may be this much behind, in ms. */
const tick = 20

/** The files of a project, watched once for all that want to know of them, while somebody does. */
export class ProjectFiles {
  readonly judge = new Judge()
  readonly #root: string
  readonly #home: string
  readonly #listeners = new Set<FilesListener>()
  #watched: Promise<WatchedFiles> | undefined
  #trouble: UserError | undefined

  /** @param home `$TOOL_HOME` */
  constructor(root: string, home: string) {
    this.#root = root
    this.#home = home
  }

  /** Why nothing is watched, where somebody can't do without. */
  get trouble(): UserError | undefined {
    return this.#trouble
  }

  /** @returns a function that ends that */
  listen(listener: FilesListener): () => void {
    this.#listeners.add(listener)
    this.#watched ??= this.#open()
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
      void this.#watched?.then(watched => watched.close())
      this.#watched = undefined
    }
  }

  async #open(): Promise<WatchedFiles> {
    const since = Date.now()
    this.#trouble = undefined
    // Whoever watches nothing does without what is needed for it.
    const {watchFiles} = await import('./files.ts')
    return watchFiles({
      since,
      root: this.#root,
      home: this.#home,
      onChange: change => {
        const judged = {...change, during: this.judge.wasDuring(change, tick)}
        for (const listener of [...this.#listeners]) listener.onChange?.(judged)
      },
      onChanges: changes => void this.#hand(changes),
      onTrouble: error => this.#tell(error),
    })
  }

  #tell(error: unknown): void {
    const listeners = [...this.#listeners]
    if (error instanceof UserError) {
      // Who listens from here on begins anew.
      this.#watched = undefined
      if (listeners.some(({isVital}) => isVital)) this.#trouble = error
    }
    for (const listener of listeners) listener.onTrouble(error)
  }

  async #hand(changes: readonly Change[]): Promise<void> {
    const judged = await this.judge.judge(changes)
    if (judged.length === 0) return
    for (const listener of [...this.#listeners]) listener.onChanges?.(judged)
  }
}
