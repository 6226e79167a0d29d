import type {Event} from '../../model/event.ts'
import {describeExit} from '../../supervisor/worker-error.ts'

/** What an event says of how a worker fares, for people; undefined where they need not know. */
export function workerNote(event: Event): string | undefined {
  if (event.type === 'server/listening') return `listens at ${event.url}`
  if (event.type !== 'worker/state') return undefined
  const {state} = event
  switch (state.kind) {
    case 'starting':
      return state.pid === null ? undefined : `runs as process ${state.pid}`
    case 'ready':
      return 'ready'
    case 'backoff':
      return `${ending(state.exit)}, and is started again (${state.attempt})`
    case 'stopping':
      return 'is asked to end'
    case 'failed':
      return `${ending(state.exit)}, and is not started again`
    case 'stopped':
      return state.exit ? ending(state.exit) : 'stopped'
    default:
      return undefined
  }
}

function ending(exit: Parameters<typeof describeExit>[0] & {failure?: {message: string}}): string {
  return exit.failure?.message ?? `ended (${describeExit(exit)})`
}
