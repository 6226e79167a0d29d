import type {Event} from '../model/event.ts'
import type {Change, JudgedChange} from './change.ts'
import {Keeper} from './keeper.ts'

/** Ms between two tellings of changes. */
const pace = 50
/** Ms between two looks for what is missing. */
const missingPace = 1000

/** For a compiler that watches by itself, and may be faster than any gathering of changes. */
export class Timekeeper extends Keeper {
  readonly #since = Date.now()
  readonly #sources = new Set<string>()
  #untold: Change[] = []
  #timer: NodeJS.Timeout | undefined
  #isStarting = false
  #looking: NodeJS.Timeout | undefined

  protected readonly listener = {
    isVital: false,
    onChange: (change: JudgedChange) => {
      const {path, at, during} = change
      this.#startIfComplete()
      if (!during) this.#sources.add(path)
      if (at < this.#since || !this.#sources.has(path)) return
      this.#untold.push(change)
      if (this.#timer === undefined) this.#tellAll()
    },
  }

  /** What it rested for may be there now. */
  #startIfComplete(): void {
    const {worker} = this.kept
    if (worker.info.state.kind !== 'idle' || this.#isStarting || worker.spec.missing?.() !== undefined) return
    this.#isStarting = true
    // Why it can't is told by its states.
    worker
      .restart()
      .catch(() => {})
      .finally(() => {
        this.#isStarting = false
      })
  }

  #tellAll(): void {
    const changes = this.#untold.splice(0)
    this.tell(changes)
    this.#timer = changes.length > 0 ? setTimeout(() => this.#tellAll(), pace) : undefined
  }

  protected override left(): void {
    clearInterval(this.#looking)
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#untold = []
  }

  protected heard(event: Event): void {
    const {type} = event
    if (type === 'task/start') this.working()
    if (type === 'task/finish') this.resting()
    if (type === 'worker/state') this.#lookForMissing(event.state.kind === 'idle')
  }

  /** What it rests for may be nobody's source, and be made without a change that counts. */
  #lookForMissing(isResting: boolean): void {
    clearInterval(this.#looking)
    if (!isResting) return
    this.hasBegun()
    this.#looking = setInterval(() => this.#startIfComplete(), missingPace)
  }
}
