/** The longest wait, in ms, that a server may ask for: who shall come back later than that is told so. */
export const longestWait = 30_000

/** Carried by a failure as its cause. */
class RetryAfter {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** What a `Retry-After` header asks for: seconds, or a date. Undefined where it makes no sense. */
export function readRetryAfter(header: string | undefined, now: number): RetryAfter | undefined {
  if (header === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? new RetryAfter(Math.max(0, ms)) : undefined
}

/** How long, in ms, the server that failed wants to be left alone; undefined where it did not say. */
export function waitOf(error: Error): number | undefined {
  return error.cause instanceof RetryAfter ? error.cause.ms : undefined
}
