import {readWorkerId} from '../driver/worker-id.ts'
import type {Event} from '../model/event.ts'
import type {SessionListener} from '../session/types.ts'
import {type ServeOutputOptions, serveOutput} from './serve-output.ts'
import {watchOutput} from './watch-output.ts'

/** What a person sees of all that somebody else has started: of servers their URLs, of watchers what each run changes. */
export function attachOutput(options: Omit<ServeOutputOptions, 'verbose'>): SessionListener {
  const {json, write, writeError} = options
  const common = {...options, verbose: true}
  const served = serveOutput(common)
  const watched = watchOutput({
    ...common,
    errorColor: options.color,
    quiet: false,
    // URLs alone are on stdout, where a script reads them.
    write: json ? write : writeError,
  })
  const outputOf = (event: Event) => (readWorkerId(event.workerId)?.mode === 'watch' ? watched : served)
  return {
    ...(served.onServer && {onServer: served.onServer}),
    onJoin: snapshot => {
      if (snapshot.workers.some(({workerId}) => readWorkerId(workerId)?.mode === 'watch'))
        watched.onJoin?.(snapshot)
    },
    onEvent: event => {
      // It is in the log.
      if (event.type !== 'worker/note') outputOf(event).onEvent?.(event)
    },
  }
}
