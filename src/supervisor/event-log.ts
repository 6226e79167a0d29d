import type {Event, Snapshot} from '../model/event.ts'
import {NextCalls} from './next-calls.ts'
import {Picture} from './picture.ts'
import {type EventWell, readEvents} from './read-events.ts'
import {Ring} from './ring.ts'
import type {EventItem, EventListener, Position, ReadEventsOptions, Subscription} from './types.ts'
import {weigh} from './weigh.ts'

/** What is kept for those who come back: so many events, and in UTF-16 units, since a few may be huge, about so much. */
const kept = {maxItems: 10_000, maxSize: 32 * 1024 * 1024}

/** Numbers the events from 1, keeps the last of them, and knows what they add up to. */
export class EventLog implements EventWell {
  readonly instance: string
  readonly picture = new Picture()
  readonly #ring = new Ring<Event>({...kept, first: 1})
  readonly #listeners = new Set<EventListener>()
  readonly waiting = new NextCalls()
  #ended = false
  readonly #onFailure: (error: unknown, event: Event) => void

  /** @param onFailure told what a listener threw, after all listeners had the event */
  constructor(instance: string, onFailure: (error: unknown, event: Event) => void) {
    this.instance = instance
    this.#onFailure = onFailure
  }

  publish(event: Event): void {
    const seq = this.#ring.next
    this.#ring.push(event, weigh(event))
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
    this.waiting.callAll()
  }

  subscribe(since?: Position): Subscription {
    const {instance} = this
    const seq = this.#ring.next - 1
    const follows = since?.instance === instance && since.seq >= this.#ring.first - 1 && since.seq <= seq
    return follows ? {instance, seq: since.seq} : {instance, seq, snapshot: this.snapshot()}
  }

  at(seq: number): Event | undefined {
    if (seq < this.#ring.first) throw new RangeError(`event ${seq} is no longer kept`)
    return this.#ring.at(seq)
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
    this.waiting.callAll()
  }

  snapshot(): Snapshot {
    return this.picture.snapshot()
  }
}
