import type {Exit, FailureReason, WorkerFailure} from '../model/event.ts'
import type {RestartPolicy} from './types.ts'

export interface History {
  /** The exits since the worker last was ready for `resetAfter`, oldest first; the last one is to be decided on. */
  exits: readonly Exit[]
  /** Whether any process of this worker was ever ready. */
  wasReady: boolean
}

export type Decision =
  | {kind: 'restart'; delay: number; attempt: number}
  /** It ended as it may, or as it must not and nothing is to be done about it. */
  | {kind: 'exited'}
  /** Its work is done, until there is more. */
  | {kind: 'wait'}
  | {kind: 'give-up'; reason: FailureReason}

/** DESIGN §10, with limits that suit a compiler on a developer's machine. */
export const defaultPolicy: RestartPolicy = {
  restart: 'transient',
  finalExitCodes: [],
  delay: 100,
  factor: 2,
  maxDelay: 15_000,
  jitter: 0.2,
  maxRestarts: 5,
  window: 60_000,
  resetAfter: 30_000,
}

/** What to do after a worker's process ended by itself. Pure; a restart counts at the time of the exit that it follows. */
export function afterExit(policy: RestartPolicy, history: History, now: number, random: number): Decision {
  const exit = history.exits.at(-1)
  if (exit === undefined) throw new Error('there was no exit to decide on')
  const {failure, code} = exit
  // Who never was ready and fails in setting up will fail so again: a wrong path, a foreign program.
  if (failure && (!history.wasReady || policy.restart === 'temporary')) {
    return {kind: 'give-up', reason: reasonOf(failure)}
  }
  if (policy.restart === 'on-demand') return {kind: 'wait'}
  if (policy.restart === 'temporary') return {kind: 'exited'}
  if (code !== null && policy.finalExitCodes.includes(code)) {
    return code === 0 ? {kind: 'exited'} : {kind: 'give-up', reason: 'final-exit'}
  }
  if (policy.restart === 'transient' && !isFailure(exit)) return {kind: 'exited'}
  if (recent(history.exits, policy.window, now) > policy.maxRestarts)
    return {kind: 'give-up', reason: 'gave-up'}
  const attempt = history.exits.length
  return {kind: 'restart', delay: delayOf(policy, attempt, random), attempt}
}

/**
 * The history with one more exit, without what no decision will look at any more: what was before it was ready for long.
 * @param readyAt when the process that ended was ready, if it was
 */
export function withExit(policy: RestartPolicy, history: History, exit: Exit, readyAt?: number): History {
  const wasWell = readyAt !== undefined && exit.at - readyAt >= policy.resetAfter
  const before = wasWell ? [] : history.exits
  // The limit needs `maxRestarts` of them, the growth of the delay no more than reaches any cap.
  const kept = 64 + (Number.isFinite(policy.maxRestarts) ? policy.maxRestarts : 0)
  return {...history, exits: [...before, exit].slice(-kept)}
}

function isFailure({code, failure}: Exit): boolean {
  return failure !== undefined || code !== 0
}

function recent(exits: readonly Exit[], window: number, now: number): number {
  return exits.filter(({at}) => now - at < window).length
}

function delayOf(policy: RestartPolicy, attempt: number, random: number): number {
  const {delay, factor, growth, maxDelay, jitter} = policy
  const grown = Math.min(maxDelay, delay * (growth === 'linear' ? attempt : factor ** (attempt - 1)))
  return grown * (1 + jitter * (2 * random - 1))
}

const reasons = {
  WORKER_CANNOT_START: 'cannot-spawn',
  WORKER_NOT_READY: 'not-ready',
  WORKER_PROTOCOL_ERROR: 'protocol-error',
} as const satisfies Record<WorkerFailure['code'], FailureReason>

function reasonOf({code}: WorkerFailure): FailureReason {
  return reasons[code]
}
