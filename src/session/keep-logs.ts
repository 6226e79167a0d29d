import {messageOf} from '../base/errors.ts'
import type {Logger} from '../base/log.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Event, WorkerState} from '../model/event.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {type LogFilesOptions, openLogFiles} from '../supervisor/log-files.ts'
import {streamOf} from '../supervisor/log-record.ts'
import type {Supervisor} from '../supervisor/types.ts'
import {describeExit} from '../supervisor/worker-error.ts'

/**
 * Keeps on disk what the workers of a supervisor print and log, and what becomes of them.
 * @returns a function that ends that
 */
export function keepLogs(
  supervisor: Supervisor,
  directory: string,
  log: Logger,
  limits: Pick<LogFilesOptions, 'maxSize' | 'count'> = {},
): () => void {
  const onError = (error: unknown) =>
    log.warning(`what workers print can't be kept in ${directory}: ${messageOf(error)}`)
  const files = openLogFiles({directory, onError, ...limits})
  const forget = [
    supervisor.onLine(line => files.write({label: labelOf(line), stream: streamOf(line), text: line.text})),
    supervisor.onEvent(event => {
      const text = noteOf(event)
      if (text !== undefined) files.write({label: labelOf(event), stream: 'tool', text})
      // Who hears that it has ended finds its last words.
      if (event.type === 'worker/state' && ended.has(event.state.kind)) files.flush()
    }),
  ]
  return () => {
    for (const one of forget) one()
    files.close()
  }
}

/** All names under which there may be logs of a toolchain, or of a task. */
export function logLabels(label: string): string[] {
  return [label, ...others.map(mode => `${label}.${mode}`)]
}

/** What watches is told from the server of the same toolchain: `esbuild.watch`. */
function labelOf({workerId, label}: {workerId: string; label: string}): string {
  const mode = others.find(one => one === readWorkerId(workerId)?.mode)
  return mode ? `${label}.${mode}` : label
}

const others = ['watch', 'build'] as const satisfies WorkerMode[]

const ended: ReadonlySet<string> = new Set<WorkerState['kind']>(['backoff', 'failed', 'stopped'])

function noteOf(event: Event): string | undefined {
  if (event.type === 'server/listening') return `listens at ${event.url}`
  if (event.type !== 'worker/state') return undefined
  const {state} = event
  switch (state.kind) {
    case 'starting':
      return state.pid === null ? undefined : `started as process ${state.pid}`
    case 'backoff':
      return `ended (${describeExit(state.exit)}), and is started again`
    case 'failed':
      return `ended (${describeExit(state.exit)}), and is not started again`
    case 'stopped':
      return state.exit ? `ended (${describeExit(state.exit)})` : 'stopped'
    default:
      return undefined
  }
}
