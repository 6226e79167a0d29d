import type {Context} from '../base/context.ts'
import {openSession} from '../session/open.ts'
import type {Running, SessionEnd, SessionListener} from '../session/types.ts'
import {planWatchers} from './plan.ts'
import {ProjectFiles} from './project-files.ts'
import type {WatchRequest} from './types.ts'

/**
 * Keeps every compiler of a project at work: each runs at once, and again after changes, until `context.signal` stops it or
 * all have ended for good. Resolves when each has run once, or is at it. If something runs for the project already, that
 * session has them from then on.
 * @throws UserError NOTHING_TO_WATCH, PROJECT_CONFIG_CYCLE, RUNS_WITHOUT, WATCH_NEEDS_ARGUMENTS, WATCH_INPUT_MISSING,
 *   PROJECT_NOT_TRUSTED, WATCH_LIMIT_REACHED (also as the end), those of workers that end before they are ready; the signal's reason if it is aborted before
 */
export async function watch(
  context: Context,
  request: WatchRequest,
  listener: SessionListener = {},
): Promise<Running> {
  const {files = new ProjectFiles(request.root, context.layout.home)} = request
  const planned = planWatchers(request, context, files)
  try {
    const running = await openSession(context, 'watch', request, planned, listener)
    const ended = running.ended.then((end): SessionEnd => {
      return files.trouble ? {kind: 'exited', errors: [files.trouble]} : end
    })
    return {...running, ended}
  } catch (error) {
    // What was stopped for it says no more than that.
    throw files.trouble ?? error
  }
}
