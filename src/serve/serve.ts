import type {Context} from '../base/context.ts'
import {openSession} from '../session/open.ts'
import type {Running, SessionListener} from '../session/types.ts'
import {planServers} from './plan.ts'
import type {ServeRequest} from './types.ts'

/**
 * Starts every server of a project, and resolves when all of them listen. If something runs for the project already, the
 * servers are those of that session. `context.signal` stops them, then as later.
 * @throws UserError NOTHING_TO_SERVE, PORT_FOR_MANY, RUNS_WITHOUT, SERVE_NEEDS_ARGUMENTS, SERVE_INPUT_MISSING,
 *   PROJECT_NOT_TRUSTED, PORT_IN_USE, PORT_NOT_PERMITTED, HOST_NOT_AVAILABLE, those of workers that end before they
 *   listen; the signal's reason if it is aborted before all listen
 */
export async function serve(
  context: Context,
  request: ServeRequest,
  listener: SessionListener = {},
): Promise<Running> {
  return openSession(context, 'serve', request, planServers(request, context), listener)
}
