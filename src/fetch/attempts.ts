import {setTimeout as delay} from 'node:timers/promises'
import {UserError} from '../base/errors.ts'
import type {Logger} from '../base/log.ts'
import {longestWait, waitOf} from './retry-after.ts'

export interface AttemptOptions {
  /** Ms to wait before each further try. */
  delays: readonly number[]
  signal: AbortSignal
  log: Logger
}

/** Where to ask, and when again. */
export interface Attempts {
  /** The address whose turn it is. */
  readonly url: URL
  /** So many bytes of it came: where that is much more than ever before, what fails now is a failure of its own. */
  reached(bytes: number): void
  /** Waits, or moves on to the next address. @throws the failure, where there is nothing left to try */
  failed(error: unknown): Promise<void>
}

/** By how many bytes more than ever before a connection that breaks off counts as a new misfortune. */
const worthwhile = 1024 * 1024

/** Failures that may be gone a moment later. No time-out is: who waited that long waits no longer. */
const passing = new Set(['NETWORK_BROKEN', 'NETWORK_REFUSED', 'NETWORK_UNAVAILABLE'])

/** Failures that say nothing of another mirror. */
const elsewhere = new Set([
  ...passing,
  'NETWORK_CERTIFICATE',
  'NETWORK_DNS',
  'NETWORK_FORBIDDEN',
  'NETWORK_GARBLED',
  'NETWORK_NOT_ARCHIVE',
  'NETWORK_NOT_FOUND',
  'NETWORK_NOT_JSON',
  'NETWORK_PROXY',
  'NETWORK_REDIRECT',
  'NETWORK_STATUS',
  'NETWORK_TIMEOUT',
])

/**
 * The tries for one thing that may be had at several addresses: each of them once, without waiting, then those whose
 * failure may pass, in turns, until the delays are used up.
 */
export function createAttempts({delays, signal, log}: AttemptOptions, urls: readonly URL[]): Attempts {
  let at = 0
  let newest = 0
  let retries = 0
  let furthest = 0
  let told = false
  const given = new Set<number>()
  const urlAt = (index: number): URL => {
    const url = urls[index]
    if (url === undefined) throw new Error('no address to ask')
    return url
  }
  const next = () => {
    for (let step = 1; step <= urls.length; step++) {
      const index = (at + step) % urls.length
      if (!given.has(index)) return index
    }
    return undefined
  }
  return {
    get url() {
      return urlAt(at)
    },
    reached(bytes) {
      // Measured by the furthest, since a download that starts over each time brings the same bytes again for ever.
      if (bytes - furthest < worthwhile) return
      furthest = bytes
      retries = 0
    },
    async failed(error) {
      if (!(error instanceof UserError && elsewhere.has(error.code))) throw error
      const wait = waitOf(error) ?? 0
      if (!passing.has(error.code) || wait > longestWait) given.add(at)
      if (newest + 1 < urls.length) {
        at = ++newest
        log.info(`${error.message}; asking ${urlAt(at).host}`)
        return
      }
      const index = next()
      const pause = delays[retries]
      if (index === undefined || pause === undefined) throw error
      retries += 1
      at = index
      // Once, since a person wonders why nothing happens, and not with every try.
      log[told ? 'debug' : 'info'](`${error.message}; trying again`)
      told = true
      // Spread, so that many who failed together don't come back together.
      const ms = Math.max(pause * (0.75 + Math.random() / 2), wait * (1 + Math.random() / 10))
      await delay(ms, undefined, {signal}).catch(() => signal.throwIfAborted())
    },
  }
}

/** Does the work at the first address, again or elsewhere after each failure that may pass. */
export async function withAttempts<T>(attempts: Attempts, work: (url: URL) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work(attempts.url)
    } catch (error) {
      await attempts.failed(error)
    }
  }
}
