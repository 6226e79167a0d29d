import type {UserError} from '../base/errors.ts'
import {isAlive, isIdle, type Place} from './place.ts'
import {failureOf} from './until-ready.ts'

/** How what ran for a session has ended. */
export interface SessionOutcome {
  /** Whether all of it was ended by somebody. */
  stopped: boolean
  /** Why the rest is gone. */
  errors: UserError[]
}

/** @param cwd what paths in messages are relative to */
export async function outcomeOf(places: readonly Place[], cwd: string): Promise<SessionOutcome> {
  const over = places.filter(place => !isAlive(place) && !isIdle(place.worker.spec))
  const ends = await Promise.all(over.map(async place => ({...place, outcome: await place.worker.done})))
  return {
    stopped: ends.every(({outcome: {kind}}) => kind === 'stopped'),
    errors: ends.flatMap(end => failureOf(end, cwd) ?? []),
  }
}
