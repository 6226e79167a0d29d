import {messageOf, UserError} from '../base/errors.ts'
import type {WorkerMode} from '../model/protocol.ts'
import type {Supervisor} from '../supervisor/types.ts'
import {isAlive, type Place} from './place.ts'

/** A mistake in pins or settings that keeps a session from planning anew: told once, and when it is mended. */
export class Trouble {
  readonly #supervisor: Supervisor
  /** By what the workers are there for: who follows only some of them hears of it, too. */
  readonly #told = new Map<WorkerMode, string>()

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  /**
   * @param places that are not planned anew
   * @param instead what becomes of them
   */
  tell(mode: WorkerMode, places: readonly Place[], instead: string, error: unknown): void {
    const [first, ...others] = places.filter(isAlive)
    const trouble = messageOf(error)
    if (first === undefined || trouble === this.#told.get(mode)) return
    this.#told.set(mode, trouble)
    const hint = error instanceof UserError && error.hint !== undefined ? ` (${error.hint})` : ''
    const all = others.length > 0 ? ', and so does the rest' : ''
    this.#supervisor.note(first.worker.spec, 'warning', `${instead}${all}: ${trouble}${hint}`)
  }

  /** All of them could be planned. */
  mended(mode: WorkerMode, places: readonly Place[]): void {
    const first = places.find(isAlive)
    if (first && this.#told.has(mode))
      this.#supervisor.note(first.worker.spec, 'info', 'what was wrong with the pins or settings is mended')
    this.#told.delete(mode)
  }

  /** It is to be told once more. */
  forget(): void {
    this.#told.clear()
  }
}
