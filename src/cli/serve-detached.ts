import type {Context} from '../base/context.ts'
import {type DetachRequest, runDetached} from '../session/detach.ts'
import type {SessionListener} from '../session/types.ts'

/** The servers of a project in the background: says how it is served, once it is. */
export async function serveDetached(
  context: Context,
  request: DetachRequest,
  output: SessionListener,
): Promise<void> {
  const {log} = context
  switch (await runDetached(context, request, output)) {
    case 'started':
      log.info('it is served in the background; tool stop ends that')
      break
    case 'joined':
      log.info('it is served in the background already')
      break
    case 'joined-foreground':
      log.warning('it is served already, by a tool serve that ends with its terminal')
  }
}
