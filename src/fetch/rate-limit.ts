import {Exit, UserError} from '../base/errors.ts'
import type {Answer} from './types.ts'

/**
 * Who has asked too often is told when that ends, as GitHub and its like say it: by `retry-after`, or `x-ratelimit-remaining: 0`
 * with `x-ratelimit-reset` in seconds since 1970. Undefined for other refusals, and for waits that a further try may be
 * content with.
 */
export function rateLimitError(
  status: number,
  headers: Answer['headers'],
  {host}: URL,
  now = Date.now(),
): UserError | undefined {
  const isLimited = Object.keys(headers).some(name => name.startsWith('x-ratelimit-'))
  if ((status !== 403 && status !== 429) || !isLimited) return undefined
  const until = retryAfter(headers['retry-after'], now) ?? resetOf(headers)
  if (until === undefined || until <= now + 5_000) return undefined
  return new UserError({
    code: 'NETWORK_RATE_LIMITED',
    message: `${host} answers no more requests before ${clock(until)} (in ${inWords(until - now)}): there were too many`,
    hint: 'wait until then; with a token more are allowed: export GITHUB_TOKEN for GitHub, or gh auth login',
    exitCode: Exit.network,
  })
}

/** The last moment that a date can stand for, in ms since 1970. */
const lastDate = 8.64e15

function resetOf(headers: Answer['headers']): number | undefined {
  const reset = Number(headers['x-ratelimit-reset']) * 1000
  return headers['x-ratelimit-remaining'] === '0' && reset > 0 && reset <= lastDate ? reset : undefined
}

/** Seconds, or a date. */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,7}$/.test(value)) return now + Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : date
}

/** In UTC, which is nobody's own time, so that nobody mistakes it. */
function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`
}

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
