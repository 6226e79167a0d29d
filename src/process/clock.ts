/** Time, given to whoever waits, so that tests can make it pass. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back after `ms`; the function it returns takes that back. */
  setTimeout(callback: () => void, ms: number): () => void
}

const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: Date.now,
  setTimeout(callback, ms) {
    // Node fires a timer that is too long at once.
    const timer = setTimeout(callback, Math.min(ms, longest))
    return () => clearTimeout(timer)
  },
}
