import {messageOf} from '../base/errors.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {WorkerState} from '../model/event.ts'
import type {Supervisor, Worker, WorkerSpec} from '../supervisor/types.ts'
import {outcomeOf, type SessionOutcome} from './outcome.ts'
import {
  changeOf,
  isFor,
  isIdle,
  isOver,
  isWanted,
  type Owner,
  type Place,
  sameSpec,
  serves,
  toolchainOf,
  type Wish,
} from './place.ts'
import {Places} from './places.ts'
import {sessionOver} from './session-over.ts'
import {Trouble} from './trouble.ts'
import {Turns} from './turns.ts'
import type {PlannedWorker, Planner, RunOptions, RunRequest} from './types.ts'
import {isStopped, untilReady} from './until-ready.ts'
import {Wishes} from './wishes.ts'

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
  readonly #places: Places
  readonly #wishes = new Wishes()
  readonly #turns = new Turns()
  readonly #trouble: Trouble
  /** Those who are to hear when nothing of theirs runs any more. */
  readonly #overListeners = new Map<Owner, () => void>()
  #isOver = false

  constructor(supervisor: Supervisor, {plan, cwd}: {plan: Planner; cwd: string}) {
    this.supervisor = supervisor
    this.#places = new Places(supervisor)
    this.#trouble = new Trouble(supervisor)
    this.#plan = plan
    this.#cwd = cwd
    this.over = this.#over.promise
    supervisor.onEvent(event => {
      if (event.type === 'worker/state') this.#onState(event)
      if (event.type === 'server/listening') this.#checkPort(event)
    })
  }

  /** Whether it has come to its end by itself: what is asked for now is for another session. */
  get isOver(): boolean {
    return this.#isOver
  }

  /**
   * Starts what is asked for, where it does not run yet; resolves when all of it is ready. If one can't run, whoever asked
   * has none of them from this.
   * @throws UserError those of the planner; of the first worker that ends before it is ready; the signal's reason
   */
  async run(request: RunRequest, owner: Owner, options: RunOptions = {}): Promise<Worker[]> {
    const {planned, signal = never} = options
    const wish = {request, owner}
    const {places, started, added} = await this.#turn(async () => {
      const all = planned ?? (await this.#plan(request, signal))
      signal.throwIfAborted()
      if (this.#isOver) throw sessionOver(this.#cwd)
      return this.#fulfil(wish, all)
    })
    try {
      // One who left while the place was made free would not hear of what it began.
      signal.throwIfAborted()
      await Promise.all(places.map(place => this.#ready(place, started.includes(place))))
    } catch (error) {
      this.#wishes.takeBack(wish)
      await this.#places.release(added, owner)
      this.#tellOver()
      throw error
    }
    this.#wishes.settle(wish)
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
    this.#wishes.forget(owner)
    await this.#places.release(this.#places.all, owner)
    this.#tellOver()
  }

  /**
   * Plans anew all that was asked for, and has it take the place of what ran by another plan. What was stopped stays
   * so; what can't be planned is told, and goes on as it is.
   */
  async renew(): Promise<void> {
    try {
      await this.#turn(async () => {
        for (const wish of this.#wishes.current) await this.#renew(wish)
      })
    } catch (error) {
      // What ends has no use for another plan.
      if (!this.supervisor.closed) throw error
    }
  }

  /**
   * Starts again, by a new plan, what runs for a toolchain, or for all, also what has ended; resolves when all of it is
   * ready. What can't be planned any more starts as it was.
   * @throws UserError why the first one that can't is not ready
   */
  async restart(toolchain?: string): Promise<Worker[]> {
    const again = this.#turns.take(() => this.#restart(toolchain))
    // What has ended has not started again by the end of the turn.
    void again
      .then(Promise.allSettled.bind(Promise))
      .catch(() => {})
      .then(() => this.#tellOver())
    return Promise.all(await again)
  }

  /** The files that set the versions of what runs. */
  get origins(): string[] {
    return this.#places.all.flatMap(({planned: {target}}) =>
      target.origin.kind === 'file' ? [target.origin.path] : [],
    )
  }

  /** Whether all that ran was ended by somebody, or why it is gone. */
  outcome(): Promise<SessionOutcome> {
    return outcomeOf(this.#places.all, this.#cwd)
  }

  async #turn<T>(change: () => Promise<T>): Promise<T> {
    try {
      return await this.#turns.take(change)
    } finally {
      // Nobody was told of an end meanwhile.
      this.#tellOver()
    }
  }

  async #fulfil(wish: Wish, planned: readonly PlannedWorker[]): Promise<Fulfilment> {
    const missing = planned.filter(({spec}) => !serves(this.#places.get(spec), spec))
    const started = await this.#places.put(wish, missing)
    const places = planned.flatMap(({spec}) => this.#places.get(spec) ?? [])
    const added = places.filter(({owners}) => !owners.has(wish.owner))
    for (const {owners} of added) owners.add(wish.owner)
    this.#wishes.add(wish, {hasStarted: started.length > 0})
    return {places, started, added}
  }

  async #renew(wish: Wish): Promise<void> {
    const own = this.#places.all.filter(place => this.#wishes.plans(wish, place))
    const planned = await this.#planAgain(wish, own, 'goes on as it is')
    if (planned === undefined || this.supervisor.closed || !this.#wishes.has(wish)) return
    this.#trouble.mended(wish.request.mode, own)
    const gone = own.filter(place => !planned.some(one => isFor(place, one)))
    const changed = planned.filter(one => {
      const place = own.find(mine => isFor(mine, one))
      if (place && !place.leaving) return isWanted(place) && !sameSpec(place.planned.spec, one.spec)
      const others = this.#places.get(one.spec)
      return others === undefined || others.leaving
    })
    for (const {worker} of gone.filter(isWanted))
      this.supervisor.note(worker.spec, 'info', 'is not pinned any more, and ends')
    for (const one of changed) {
      const before = own.find(place => isFor(place, one))?.worker.spec
      if (before) this.supervisor.note(before, 'info', changeOf(before, one.spec))
    }
    await Promise.all(gone.map(place => this.#places.drop(place)))
    const started = await this.#place(wish, changed)
    for (const place of started) void this.#watchBeginning(place)
    // The last one is kept only as long as nothing takes its place.
    if (started.length > 0) await Promise.all(gone.map(place => this.#places.drop(place)))
  }

  /** Has what is planned anew for a wish take its places, for those who had what was there, and for who wished it. */
  async #place(wish: Wish, planned: readonly PlannedWorker[]): Promise<Place[]> {
    const started = await this.#places.put(wish, planned)
    for (const {owners} of started) owners.add(wish.owner)
    // Who left meanwhile was not among their owners then.
    if (!this.#wishes.has(wish)) await this.#places.release(started, wish.owner)
    return started
  }

  /** Of what a change of the person's led to, a failure is told, and waits for the next change. */
  async #watchBeginning(place: Place): Promise<void> {
    place.waits = 'to begin'
    try {
      await this.#ready(place, true)
      place.waits = undefined
    } catch (error) {
      if (this.#places.get(place.worker.spec) !== place || place.waits === undefined) return
      // What somebody stops stays so.
      place.waits = isStopped(error) ? undefined : 'for a change'
      if (place.waits === undefined) return
      this.supervisor.note(place.worker.spec, 'error', `${messageOf(error)}; another change starts it again`)
    } finally {
      this.#tellOver()
    }
  }

  async #restart(toolchain: string | undefined): Promise<Promise<Worker>[]> {
    const meant = (spec: WorkerSpec) => toolchain === undefined || toolchainOf(spec) === toolchain
    // Who asks is told, also once more.
    this.#trouble.forget()
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
    for (const wish of this.#wishes.current) {
      const own = this.#places.all.filter(
        place =>
          this.#wishes.plans(wish, place) &&
          meant(place.worker.spec) &&
          !place.leaving &&
          !restarted.has(place.worker),
      )
      const planned = (await this.#planAgain(wish, own, 'starts again as it was')) ?? []
      const stays = (place: Place) => !place.leaving && this.#places.get(place.worker.spec) === place
      const different = planned.filter(one =>
        own.some(place => stays(place) && isFor(place, one) && !sameSpec(place.planned.spec, one.spec)),
      )
      for (const place of own.filter(stays))
        if (!different.some(one => isFor(place, one))) asItWas(place.worker)
      for (const place of await this.#place(wish, different)) {
        restarted.add(place.worker)
        awaitAll(this.#ready(place, true).then(() => place.worker))
      }
    }
    const spawned = this.supervisor.list().filter(worker => !readWorkerId(worker.id) && meant(worker.spec))
    for (const worker of spawned) asItWas(worker)
    return again
  }

  async #planAgain(
    {request}: Wish,
    places: readonly Place[],
    instead: string,
  ): Promise<readonly PlannedWorker[] | undefined> {
    try {
      return await this.#plan(request, never)
    } catch (error) {
      this.#trouble.tell(request.mode, places, instead, error)
      return undefined
    }
  }

  #ready(place: Place, isFresh: boolean): Promise<void> {
    return untilReady(this.supervisor, place, {isFresh, cwd: this.#cwd})
  }

  #onState({workerId, state}: {workerId: string; state: WorkerState}): void {
    const place = this.#places.of(workerId)
    // Somebody has mended it otherwise, and started it again.
    if (place?.waits === 'for a change' && state.kind === 'ready') place.waits = undefined
    this.#tellOver()
  }

  #checkPort({workerId, port}: {workerId: string; port: number}): void {
    const place = this.#places.of(workerId)
    const wish = place?.planned.port
    if (!place || !wish || wish === port) return
    this.supervisor.note(place.worker.spec, 'warning', `was asked for port ${wish} and listens on ${port}`)
  }

  #tellOver(): void {
    if (!this.#turns.free) return
    const all = this.#places.all
    const lasting = all.filter(({worker}) => !isIdle(worker.spec))
    if (lasting.length > 0 && lasting.every(isOver)) {
      this.#isOver = true
      this.#over.resolve()
    }
    for (const [owner, listener] of this.#overListeners) {
      if (!all.filter(({owners}) => owners.has(owner)).every(isOver)) continue
      this.#overListeners.delete(owner)
      listener()
    }
  }
}

interface Fulfilment {
  places: Place[]
  /** Those of them that were not there. */
  started: Place[]
  /** Those of them that whoever asked did not have before. */
  added: Place[]
}

const never = new AbortController().signal
