import {setTimeout as delay} from 'node:timers/promises'
import {UserError} from '../base/errors.ts'
import type {Logger} from '../base/log.ts'

interface RetryOptions {
  /** Ms to wait before each further try. */
  delays: readonly number[]
  signal: AbortSignal
  log: Logger
}

/** Failures that may be gone a moment later. No time-out is: who waited that long waits no longer. */
const passing = new Set(['NETWORK_BROKEN', 'NETWORK_REFUSED', 'NETWORK_UNAVAILABLE'])

/** Does the work, again after each failure that may pass, until the delays are used up. */
export async function withRetries<T>(
  {delays, signal, log}: RetryOptions,
  work: () => Promise<T>,
): Promise<T> {
  for (const [tried, wait] of delays.entries()) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UserError && passing.has(error.code))) throw error
      // Once, since a person wonders why nothing happens, and not with every try.
      log[tried === 0 ? 'info' : 'debug'](`${error.message}; trying again`)
      // Spread, so that many who failed together don't come back together.
      await delay(wait * (0.75 + Math.random() / 2), undefined, {signal}).catch(() => signal.throwIfAborted())
    }
  }
  return work()
}
