import type {Supervisor, WorkerSpec} from '../supervisor/types.ts'
import {isAlive, isIdle, isOver, keyOf, type Owner, type Place, type Wish} from './place.ts'
import type {PlannedWorker} from './types.ts'

/** What runs, or has run, in each mode of each toolchain: one worker at a time. */
export class Places {
  readonly #supervisor: Supervisor
  readonly #all = new Map<string, Place>()

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  get all(): Place[] {
    return [...this.#all.values()]
  }

  get(spec: WorkerSpec): Place | undefined {
    return this.#all.get(keyOf(spec))
  }

  of(workerId: string): Place | undefined {
    return this.all.find(({worker}) => worker.id === workerId)
  }

  /**
   * Starts workers where others were, or none, for who wanted those; all in one go, for who follows must not see some of
   * them for all.
   */
  async put(wish: Wish, planned: readonly PlannedWorker[]): Promise<Place[]> {
    const before = planned.map(({spec}) => this.get(spec))
    // What was stopped may have been started again by somebody while others took longer.
    for (;;) {
      const alive = before.filter(place => place !== undefined && isAlive(place))
      if (alive.length === 0) break
      await Promise.all(alive.map(place => place?.worker.stop()))
    }
    return planned.map((one, index) => this.#start(wish, one, before[index]))
  }

  /** Of somebody who is not, or no longer, to have them: what nobody else wants is stopped, and forgotten. */
  async release(places: readonly Place[], owner: Owner): Promise<void> {
    const unwanted = places.filter(({owners}) => owners.delete(owner) && owners.size === 0)
    await Promise.all(unwanted.map(place => this.drop(place)))
  }

  /** Stops a worker that nobody wants any more, and forgets it. */
  async drop(place: Place): Promise<void> {
    const {worker} = place
    place.leaving = true
    place.waits = undefined
    await worker.stop()
    // Somebody may have started it again.
    while (isAlive(place) && place.owners.size === 0) await worker.stop()
    if (isAlive(place)) {
      place.leaving = false
      return
    }
    // The end of a session needs to know how its last ones ended.
    if (this.get(worker.spec) !== place || this.#isLast(place)) return
    this.#all.delete(keyOf(worker.spec))
    this.#supervisor.remove(worker.id)
  }

  #start(wish: Wish, planned: PlannedWorker, before: Place | undefined): Place {
    const {spec} = planned
    if (before && before.worker.id !== spec.id) this.#supervisor.remove(before.worker.id)
    const worker = this.#supervisor.start(spec)
    const begun = planned.accompany?.(worker, this.#supervisor)
    const place: Place = {
      planned,
      worker,
      begun,
      wish,
      owners: new Set(before?.owners),
      // Whoever starts it: should it fail, the next change may still mend it.
      waits: before?.waits && 'for a change',
    }
    this.#all.set(keyOf(spec), place)
    if (isIdle(spec)) void worker.done.then(() => this.drop(place))
    return place
  }

  #isLast(place: Place): boolean {
    if (isIdle(place.worker.spec)) return false
    return this.all.every(other => other === place || isIdle(other.worker.spec) || isOver(other))
  }
}
