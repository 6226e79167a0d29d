import {IpcError} from '../ipc/errors.ts'
import type {Connection} from '../ipc/types.ts'
import type {EventSource} from './types.ts'
import {weigh} from './weigh.ts'

/** So much may be on its way to a reader; the rest waits in the ring. Well below what a connection takes at most. */
const window = 16 * 1024 * 1024

/**
 * Sends every event after `seq` over a connection, in order, each once. Beyond what is on its way it keeps only a
 * position: a reader that takes less than what happens falls behind in the ring, and is dropped when its next event
 * has left that. It may come back, and starts with a snapshot then.
 * @returns a function that ends it
 */
export function feedEvents(connection: Connection, events: EventSource, seq: number): () => void {
  let next = seq + 1
  let underway = 0
  let ended = false

  const end = () => {
    ended = true
    stopListening()
  }
  const drop = (reason: Error) => {
    end()
    connection.close(reason)
  }
  const send = () => {
    try {
      while (!ended) {
        const event = events.at(next)
        if (!event || underway > window) return
        const weight = weigh(event)
        underway += weight
        connection.notify('events/publish', {seq: next, event}).then(() => {
          underway -= weight
          // Only who is behind has something to send; for others the next event does.
          if (underway + weight > window) send()
        }, drop)
        next += 1
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      drop(new IpcError('PEER_STALLED', `it did not take event ${next} before it was forgotten`))
    }
  }
  // The answer to the subscription goes before the first event.
  let started = false
  setImmediate(() => {
    started = true
    send()
  })
  const stopListening = events.onEvent(() => {
    if (started) send()
  })
  void connection.closed.then(end)
  return end
}
