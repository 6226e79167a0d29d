import type {NextCalls} from './next-calls.ts'
import type {EventItem, EventSource, ReadEventsOptions} from './types.ts'

/** What is read from: events, and whether more will come. */
export interface EventWell extends EventSource {
  /** Whether the last event has come. */
  readonly ended: boolean
  /** Those who wait for the next event, or to hear that the last one has come. */
  readonly waiting: NextCalls
}

/**
 * Every event after a position, in order, each once; a snapshot where that can't be. The reader keeps a position and
 * nothing else: one that falls out of the ring goes on from a snapshot.
 */
export function readEvents(
  well: EventWell,
  {since, signal}: ReadEventsOptions,
): AsyncGenerator<EventItem, void> {
  // At once, so that nothing is missed between the call and the first look.
  const subscription = well.subscribe(since)
  return read(well, subscription, signal)
}

async function* read(
  well: EventWell,
  {seq, snapshot}: ReturnType<EventSource['subscribe']>,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventItem, void> {
  if (snapshot) yield {seq, snapshot}
  for (let next = seq + 1; !signal?.aborted; ) {
    const found = eventAt(well, next)
    if (found === 'forgotten') {
      const {seq: here, snapshot: picture = well.snapshot()} = well.subscribe()
      yield {seq: here, snapshot: picture}
      next = here + 1
    } else if (found) {
      yield {seq: next, event: found}
      next += 1
    } else if (well.ended) return
    else await well.waiting.next(signal)
  }
}

function eventAt(well: EventWell, seq: number) {
  try {
    return well.at(seq)
  } catch (error) {
    if (error instanceof RangeError) return 'forgotten'
    throw error
  }
}
