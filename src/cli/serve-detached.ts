import type {Context} from '../base/context.ts'
import {type DetachRequest, serveDetached} from '../serve/detach.ts'
import type {ServeListener} from '../serve/types.ts'

/** The servers of a project in the background: says how it is served, once it is. */
export async function runDetached(
  context: Context,
  request: DetachRequest,
  output: ServeListener,
): Promise<void> {
  const {log} = context
  switch (await serveDetached(context, request, output)) {
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
