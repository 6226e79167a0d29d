import type {Clock} from '../process/clock.ts'
import type {Change} from './change.ts'

/** Ms without a change after which a few count as all. */
const quiet = 50
/** So many changes at a time are the work of a program, which takes its time. */
const few = 10
const quietAfterMany = 250
/** Somebody who never stops writing is not waited for longer than this. */
const longest = 3000

/** Gathers changes that come together: a save, a checkout, a thousand generated files. */
export class Batches {
  readonly #clock: Clock
  readonly #onBatch: (changes: Change[]) => void
  readonly #changes = new Map<string, Change>()
  #since = 0
  #cancel = () => {}

  constructor(clock: Clock, onBatch: (changes: Change[]) => void) {
    this.#clock = clock
    this.#onBatch = onBatch
  }

  add(change: Change): void {
    if (this.#changes.size === 0) this.#since = this.#clock.now()
    const joined = join(this.#changes.get(change.path), change)
    if (joined) this.#changes.set(change.path, joined)
    else this.#changes.delete(change.path)
    this.#cancel()
    const wait = this.#changes.size > few ? quietAfterMany : quiet
    const left = this.#since + longest - this.#clock.now()
    this.#cancel = this.#clock.setTimeout(() => this.#finish(), Math.max(0, Math.min(wait, left)))
  }

  close(): void {
    this.#cancel()
    this.#changes.clear()
  }

  #finish(): void {
    const changes = [...this.#changes.values()]
    this.#changes.clear()
    if (changes.length > 0) this.#onBatch(changes)
  }
}

/** Two changes of one file in one; undefined for a file that came and went, as temporary ones do. */
function join(before: Change | undefined, after: Change): Change | undefined {
  if (before === undefined) return after
  if (before.type === 'created' && after.type === 'deleted') return undefined
  const type = before.type === 'created' ? 'created' : before.type === 'deleted' ? 'changed' : after.type
  return {...after, type: after.type === 'deleted' ? 'deleted' : type, at: Math.max(before.at, after.at)}
}
