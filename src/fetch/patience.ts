import {noAnswer} from './errors.ts'
import type {Request, Timeouts} from './types.ts'

/** Gives a brief request up that is not answered soon, until it is disposed of; others have all the time. */
export function createPatience(
  {brief, url}: Request,
  timeouts: Timeouts,
): Disposable & {signal: AbortSignal} {
  const giveUp = new AbortController()
  const timer = brief ? setTimeout(() => giveUp.abort(noAnswer(url, timeouts)), timeouts.brief) : undefined
  return {signal: giveUp.signal, [Symbol.dispose]: () => clearTimeout(timer)}
}
