import {messageOf, type UserError} from '../base/errors.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Supervisor, Worker, WorkerSpec} from '../supervisor/types.ts'
import {
  changeOf,
  isAlive,
  isFor,
  isIdle,
  isOver,
  keyOf,
  type Owner,
  type Place,
  sameSpec,
  serves,
  toolchainOf,
  type Wish,
} from './place.ts'
import {Turns} from './turns.ts'
import type {PlannedWorker, Planner, RunOptions, RunRequest} from './types.ts'
import {failureOf, untilReady} from './until-ready.ts'

/**
 * What runs on for a project: the workers of one supervisor, planned from what people asked for, and planned anew when
 * that may have changed. It is over when no worker that serves or watches is left; one that waits for builds keeps
 * nothing alive.
 */
export class Session {
  readonly supervisor: Supervisor
  /** Resolves when nothing runs any more that keeps it, once something has. */
  readonly over: Promise<void>
  readonly #over = Promise.withResolvers<void>()
  readonly #plan: Planner
  /** What paths in messages are relative to. */
  readonly #cwd: string
  readonly #places = new Map<string, Place>()
  readonly #turns = new Turns()
  /** Those who are to hear when nothing of theirs runs any more. */
  readonly #overListeners = new Map<Owner, () => void>()
  #wishes: Wish[] = []

  constructor(supervisor: Supervisor, {plan, cwd}: {plan: Planner; cwd: string}) {
    this.supervisor = supervisor
    this.#plan = plan
    this.#cwd = cwd
    this.over = this.#over.promise
    supervisor.onEvent(event => {
      if (event.type === 'worker/state') this.#tellOver()
      if (event.type === 'server/listening') this.#checkPort(event)
    })
  }

  /**
   * Starts what is asked for, where it does not run yet; resolves when all of it is ready. If one of those that it
   * starts can't, none of them stays.
   * @throws UserError those of the planner; of the first worker that ends before it is ready; the signal's reason
   */
  async run(request: RunRequest, owner: Owner, options: RunOptions = {}): Promise<Worker[]> {
    const {planned, signal = never} = options
    const wish = {request, owner}
    const {places, started} = await this.#turns.take(async () => {
      const all = planned ?? (await this.#plan(request, signal))
      signal.throwIfAborted()
      return this.#fulfil(wish, all)
    })
    try {
      // One who left while the place was made free would not hear of what it began.
      signal.throwIfAborted()
      await Promise.all(places.map(place => this.#ready(place, started.includes(place))))
    } catch (error) {
      this.#wishes = this.#wishes.filter(one => one !== wish)
      await Promise.all(started.map(place => this.#drop(place)))
      throw error
    }
    return places.map(({worker}) => worker)
  }

  /** Calls back once nothing runs any more of what somebody asked for, and no change is under way that starts it again. */
  onOver(owner: Owner, listener: () => void): void {
    this.#overListeners.set(owner, listener)
    this.#tellOver()
  }

  /** One who asked is gone: what nobody else wants is stopped. Resolves when that is gone. */
  async leave(owner: Owner): Promise<void> {
    this.#overListeners.delete(owner)
    this.#wishes = this.#wishes.filter(wish => wish.owner !== owner)
    const unwanted = [...this.#places.values()].filter(
      ({owners}) => owners.delete(owner) && owners.size === 0,
    )
    await Promise.all(unwanted.map(place => this.#drop(place)))
  }

  /**
   * Plans anew all that was asked for, and has it take the place of what ran by another plan. What was stopped stays
   * so; what can't be planned is told, and goes on as it is.
   */
  async renew(): Promise<void> {
    await this.#turns
      .take(async () => {
        for (const wish of this.#wishes) await this.#renew(wish)
      })
      .catch(error => {
        // What ends has no use for another plan.
        if (!this.supervisor.closed) throw error
      })
    this.#tellOver()
  }

  /**
   * Starts again, by a new plan, what runs for a toolchain, or for all, also what has ended; resolves when all of it is
   * ready. What can't be planned any more starts as it was.
   * @throws UserError why the first one that can't is not ready
   */
  async restart(toolchain?: string): Promise<Worker[]> {
    const again = await this.#turns.take(() => this.#restart(toolchain))
    return Promise.all(again)
  }

  /** The files that set the versions of what runs. */
  get origins(): string[] {
    return [...this.#places.values()].flatMap(({planned: {target}}) =>
      target.origin.kind === 'file' ? [target.origin.path] : [],
    )
  }

  /** Whether all that ran was ended by somebody, or why it is gone. */
  async outcome(): Promise<{stopped: boolean; errors: UserError[]}> {
    const places = [...this.#places.values()].filter(place => !isAlive(place) && !isIdle(place.worker.spec))
    const ends = await Promise.all(places.map(async place => ({...place, outcome: await place.worker.done})))
    return {
      stopped: ends.every(({outcome: {kind}}) => kind === 'stopped'),
      errors: ends.flatMap(end => failureOf(end, this.#cwd) ?? []),
    }
  }

  async #fulfil(wish: Wish, planned: readonly PlannedWorker[]): Promise<{places: Place[]; started: Place[]}> {
    const missing = planned.filter(({spec}) => !serves(this.#places.get(keyOf(spec)), spec))
    const started = await this.#put(wish, missing)
    const places = planned.flatMap(({spec}) => this.#places.get(keyOf(spec)) ?? [])
    for (const {owners} of places) owners.add(wish.owner)
    this.#remember(wish, started.length > 0)
    return {places, started}
  }

  /** Of one who asks again and again for the same, what was started by it counts. */
  #remember(wish: Wish, hasStarted: boolean): void {
    const {mode, toolchain} = wish.request
    // What builds is asked for again by the next build, with its own pins and environment.
    if (mode === 'build') return
    const isSame = ({owner, request}: Wish) =>
      owner === wish.owner && request.mode === mode && request.toolchain === toolchain
    if (hasStarted) this.#wishes = this.#wishes.filter(one => !isSame(one))
    if (!this.#wishes.some(isSame)) this.#wishes.push(wish)
  }

  /** Starts workers where others were, or none; all in one go, for who follows must not see some of them for all. */
  async #put(wish: Wish, planned: readonly PlannedWorker[]): Promise<Place[]> {
    const before = planned.map(({spec}) => this.#places.get(keyOf(spec)))
    await Promise.all(before.map(place => place?.worker.stop()))
    return planned.map((one, index) => {
      const old = before[index]
      if (old && old.worker.id !== one.spec.id) this.supervisor.remove(old.worker.id)
      const owners = new Set(old?.owners).add(wish.owner)
      const worker = this.supervisor.start(one.spec)
      const begun = one.accompany?.(worker, this.supervisor)
      const place = {planned: one, worker, begun, wish, owners}
      this.#places.set(keyOf(one.spec), place)
      if (isIdle(one.spec)) void place.worker.done.then(() => this.#drop(place))
      return place
    })
  }

  /** Stops a worker that nobody wants any more, and forgets it. */
  async #drop(place: Place): Promise<void> {
    const {worker} = place
    await worker.stop()
    // The end of a session needs to know how its last ones ended.
    if (isAlive(place) || this.#places.get(keyOf(worker.spec)) !== place || this.#isLast(place)) return
    this.#places.delete(keyOf(worker.spec))
    this.supervisor.remove(worker.id)
  }

  #isLast(place: Place): boolean {
    if (isIdle(place.worker.spec)) return false
    return [...this.#places.values()].every(
      other => other === place || isIdle(other.worker.spec) || !isAlive(other),
    )
  }

  async #renew(wish: Wish): Promise<void> {
    const own = new Map([...this.#places].filter(([, place]) => this.#isPlannedBy(place, wish)))
    const planned = await this.#planAgain(wish, [...own.values()], 'goes on as it is')
    if (planned === undefined || this.supervisor.closed || !this.#wishes.includes(wish)) return
    const gone = [...own.values()].filter(place => isAlive(place) && !planned.some(one => isFor(place, one)))
    const changed = planned.filter(({spec}) => {
      const place = own.get(keyOf(spec))
      if (place === undefined) return !this.#places.has(keyOf(spec))
      return (isAlive(place) || place.waits) && !sameSpec(place.planned.spec, spec)
    })
    for (const {worker} of gone) this.supervisor.note(worker.spec, 'info', 'is not pinned any more, and ends')
    for (const {spec} of changed) {
      const before = own.get(keyOf(spec))?.worker.spec
      if (before) this.supervisor.note(before, 'info', changeOf(before, spec))
    }
    await Promise.all(gone.map(place => this.#drop(place)))
    for (const place of await this.#put(wish, changed)) void this.#watchBeginning(place)
    // Who left meanwhile was not among their owners then.
    if (!this.#wishes.includes(wish)) await this.leave(wish.owner)
  }

  /** Of what a change of the person's led to, a failure is told, and waits for the next change. */
  async #watchBeginning(place: Place): Promise<void> {
    place.waits = true
    try {
      await this.#ready(place, true)
      place.waits = false
    } catch (error) {
      if (this.#places.get(keyOf(place.worker.spec)) !== place) return
      this.supervisor.note(place.worker.spec, 'error', `${messageOf(error)}; another change starts it again`)
    }
  }

  async #restart(toolchain: string | undefined): Promise<Promise<Worker>[]> {
    const meant = (spec: WorkerSpec) => toolchain === undefined || toolchainOf(spec) === toolchain
    const again: Promise<Worker>[] = []
    const restarted = new Set<Worker>()
    const awaitAll = (ready: Promise<Worker>) => {
      again.push(ready)
      // The first that fails is told; the others are no less handled.
      ready.catch(() => {})
    }
    const asItWas = (worker: Worker) => {
      restarted.add(worker)
      awaitAll(worker.restart().then(() => worker))
    }
    for (const wish of this.#wishes) {
      const own = [...this.#places.values()].filter(
        place => this.#isPlannedBy(place, wish) && meant(place.worker.spec) && !restarted.has(place.worker),
      )
      const planned = (await this.#planAgain(wish, own, 'starts again as it was')) ?? []
      const different = planned.filter(one =>
        own.some(place => isFor(place, one) && !sameSpec(place.planned.spec, one.spec)),
      )
      for (const place of own) if (!different.some(one => isFor(place, one))) asItWas(place.worker)
      for (const place of await this.#put(wish, different)) {
        restarted.add(place.worker)
        awaitAll(this.#ready(place, true).then(() => place.worker))
      }
    }
    const spawned = this.supervisor.list().filter(worker => !readWorkerId(worker.id) && meant(worker.spec))
    for (const worker of spawned) asItWas(worker)
    return again
  }

  #isPlannedBy(place: Place, wish: Wish): boolean {
    return place.wish === wish || (place.owners.has(wish.owner) && !this.#wishes.includes(place.wish))
  }

  async #planAgain(
    {request}: Wish,
    places: readonly Place[],
    instead: string,
  ): Promise<readonly PlannedWorker[] | undefined> {
    try {
      return await this.#plan(request, never)
    } catch (error) {
      for (const {worker} of places.filter(isAlive)) {
        this.supervisor.note(worker.spec, 'warning', `${instead}: ${messageOf(error)}`)
      }
      return undefined
    }
  }

  #ready(place: Place, isFresh: boolean): Promise<void> {
    return untilReady(this.supervisor, place, {isFresh, cwd: this.#cwd})
  }

  #checkPort({workerId, port}: {workerId: string; port: number}): void {
    const place = [...this.#places.values()].find(({worker}) => worker.id === workerId)
    const wish = place?.planned.port
    if (!place || !wish || wish === port) return
    this.supervisor.note(place.worker.spec, 'warning', `was asked for port ${wish} and listens on ${port}`)
  }

  #tellOver(): void {
    if (!this.#turns.free) return
    const all = [...this.#places.values()]
    if (isOver(all.filter(({worker}) => !isIdle(worker.spec)))) this.#over.resolve()
    for (const [owner, listener] of this.#overListeners) {
      if (!isOver(all.filter(({owners}) => owners.has(owner)))) continue
      this.#overListeners.delete(owner)
      listener()
    }
  }
}

const never = new AbortController().signal
