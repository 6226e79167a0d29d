import type {Readable} from 'node:stream'
import type {Timeouts} from './types.ts'

/** Bytes a second that a body must bring on average: who sends less sends for days. */
const slowest = 1024

/** Watches one transfer. */
export interface Pace extends Disposable {
  /** Aborted when the body comes too slowly. */
  signal: AbortSignal
  watch(body: Readable): void
}

/** @param tooSlow the reason of the signal */
export function createPace({pace}: Timeouts, tooSlow: () => Error): Pace {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  return {
    signal: controller.signal,
    [Symbol.dispose]: stop,
    watch(body) {
      let bytes = 0
      // Paused, so that listening alone does not make it flow: the chunks are told of as the reader takes them.
      body.pause()
      body.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length
      })
      body.once('end', stop)
      timer = setInterval(() => {
        if (bytes < (slowest * pace) / 1000) controller.abort(tooSlow())
        bytes = 0
      }, pace)
    },
  }
}
