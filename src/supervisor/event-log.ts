import type {Event, Snapshot} from '../model/event.ts'
import {Picture} from './picture.ts'
import {type EventWell, readEvents} from './read-events.ts'
import type {EventItem, EventListener, Position, ReadEventsOptions, Subscription} from './types.ts'
import {weigh} from './weigh.ts'

/** So many events are kept for those who come back. */
const ringSize = 10_000
/** And so many UTF-16 units of them, about: a few huge ones must not fill the memory. */
const ringWeight = 32 * 1024 * 1024

/** Numbers the events from 1, keeps the last of them, and knows what they add up to. */
export class EventLog implements EventWell {
  readonly instance: string
  readonly picture = new Picture()
  readonly #ring = new Map<number, {event: Event; weight: number}>()
  readonly #listeners = new Set<EventListener>()
  readonly #waiting = new Set<() => void>()
  #ended = false
  #first = 1
  #seq = 0
  #weight = 0

  readonly #onFailure: (error: unknown, event: Event) => void

  /** @param onFailure told what a listener threw, after all listeners had the event */
  constructor(instance: string, onFailure: (error: unknown, event: Event) => void) {
    this.instance = instance
    this.#onFailure = onFailure
  }

  publish(event: Event): void {
    const seq = ++this.#seq
    const weight = weigh(event)
    this.#ring.set(seq, {event, weight})
    this.#weight += weight
    while (this.#ring.size > ringSize || (this.#weight > ringWeight && this.#ring.size > 1)) this.#forget()
    this.picture.apply(event)
    const failures: unknown[] = []
    for (const listener of [...this.#listeners]) {
      try {
        listener(event, seq)
      } catch (error) {
        failures.push(error)
      }
    }
    for (const error of failures) this.#onFailure(error, event)
    this.#wake()
  }

  subscribe(since?: Position): Subscription {
    const here = {instance: this.instance, seq: this.#seq}
    const follows =
      since?.instance === this.instance && since.seq >= this.#first - 1 && since.seq <= this.#seq
    return follows ? {instance: this.instance, seq: since.seq} : {...here, snapshot: this.snapshot()}
  }

  at(seq: number): Event | undefined {
    if (seq < this.#first) throw new RangeError(`event ${seq} is no longer kept`)
    return this.#ring.get(seq)?.event
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  read(options: ReadEventsOptions = {}): AsyncGenerator<EventItem, void> {
    return readEvents(this, options)
  }

  [Symbol.asyncIterator](): AsyncGenerator<EventItem, void> {
    return this.read()
  }

  get ended(): boolean {
    return this.#ended
  }

  /** No more will come. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  onNext(callback: () => void): () => void {
    this.#waiting.add(callback)
    return () => this.#waiting.delete(callback)
  }

  snapshot(): Snapshot {
    return this.picture.snapshot()
  }

  #wake(): void {
    for (const callback of this.#waiting) callback()
    this.#waiting.clear()
  }

  #forget(): void {
    this.#weight -= this.#ring.get(this.#first)?.weight ?? 0
    this.#ring.delete(this.#first)
    this.#first += 1
  }
}
