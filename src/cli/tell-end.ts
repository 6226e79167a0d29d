import type {Context} from '../base/context.ts'
import type {SessionEnd} from '../session/types.ts'

/**
 * Says why a command about what runs is over, where the person did not end it here.
 * @param what ran: `the servers`
 * @throws UserError of the first that failed for good
 */
export function tellEnd({log, signal}: Pick<Context, 'log' | 'signal'>, end: SessionEnd, what: string): void {
  if (end.kind === 'followed') log.info(`the session in which ${what} ran has ended`)
  if (end.kind === 'stopped' && !signal.aborted) log.info(`${what} were stopped`)
  const [first] = end.kind === 'exited' ? end.errors : []
  if (first) throw first
}
