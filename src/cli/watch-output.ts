import {readWorkerId} from '../driver/worker-id.ts'
import {hasEnded, type Snapshot, type WorkerState} from '../model/event.ts'
import {systemClock} from '../process/clock.ts'
import type {SessionListener} from '../session/types.ts'
import {describeExit} from '../supervisor/worker-error.ts'
import {standingOf, type WatchRun, watchRuns} from '../watch/runs.ts'
import {LastLines} from './last-lines.ts'
import {sourceReader} from './render/location.ts'
import {renderLine} from './render/log-line.ts'
import {renderDiagnostic} from './render/pretty.ts'
import {renderRun, renderStanding} from './render/watch-run.ts'

export interface WatchOutputOptions {
  /** Paths are shown relative to this folder. */
  cwd: string
  /** Whether stdout and stderr have colours. */
  color: boolean
  errorColor: boolean
  /** Every event, and every run, as JSON, one a line. */
  json: boolean
  /** No line about a run. */
  quiet: boolean
  /** Everything that the compilers print, too. */
  verbose: boolean
  write(text: string): void
  writeError(text: string): void
}

/** How many of a failed compiler's last lines are shown. */
const lastLines = 10

/**
 * What a person sees of compilers that are watched: on stdout diagnostics that are new since the run before, on stderr a line
 * a run, what compilers log, and why one failed.
 */
export function watchOutput(options: WatchOutputOptions): SessionListener {
  const {json, quiet, verbose, errorColor, write, writeError} = options
  const tails = new LastLines(lastLines)
  const erring = new Set<string>()
  const show = (diagnostics: WatchRun['added']) => {
    const read = sourceReader()
    for (const diagnostic of diagnostics) write(`${renderDiagnostic(diagnostic, {...options, read})}\n`)
  }
  const onRun = (run: WatchRun) => {
    if (run.summary.errors > 0) erring.add(run.workerId)
    else erring.delete(run.workerId)
    if (json) return write(`${JSON.stringify({type: 'watch/run', ...run})}\n`)
    show(run.added)
    if (!quiet && run.status !== 'cancelled') writeError(renderRun(run, errorColor))
  }
  let take = watchRuns(onRun)
  let isJoined = false
  return {
    onJoin: snapshot => {
      isJoined = true
      take = watchRuns(onRun, systemClock, snapshot)
      if (json) return write(`${JSON.stringify({type: 'watch/joined', ...snapshot})}\n`)
      for (const standing of standingIn(snapshot)) {
        show(standing.added)
        if (!quiet) writeError(renderStanding(standing, errorColor))
      }
    },
    onLine: line => {
      const text = renderLine(line, errorColor)
      if (verbose || line.stream === 'log') writeError(text)
      else tails.add(line.workerId, text)
    },
    onEvent: event => {
      if (json) write(`${JSON.stringify(event)}\n`)
      // Own workers say it by a line.
      else if (event.type === 'worker/note' && isJoined)
        writeError(renderLine({label: event.label, text: event.message}, errorColor))
      // A run's lines are those of its own.
      if (event.type === 'task/start') tails.take(event.workerId)
      take(event)
      const failure =
        event.type === 'worker/state' ? failureOf(event.state, erring.has(event.workerId)) : undefined
      if (failure === undefined) return
      writeError(`${tails.take(event.workerId)}warning: ${event.label} ${failure}\n`)
    },
  }
}

function failureOf(state: WorkerState, hasErrors: boolean): string | undefined {
  switch (state.kind) {
    case 'backoff':
      return `ended (${describe(state.exit)}) and is started again`
    case 'idle': {
      const {code, failure} = state.exit
      if (failure === undefined && (code === 0 || (code !== null && hasErrors))) return undefined
      const silent = failure === undefined ? ' without reporting an error' : ''
      return `failed (${describe(state.exit)})${silent}; it runs again after the next change`
    }
    case 'failed':
      return `ended (${describe(state.exit)}) and is not started again`
    default:
      return undefined
  }
}

function describe(exit: (WorkerState & {kind: 'idle'})['exit']): string {
  return exit.failure?.message ?? describeExit(exit)
}

function standingIn(snapshot: Snapshot) {
  const working = new Set(snapshot.tasks.map(({workerId}) => workerId))
  return snapshot.workers
    .filter(
      info => readWorkerId(info.workerId)?.mode === 'watch' && !hasEnded(info) && !working.has(info.workerId),
    )
    .map(({workerId}) => standingOf(snapshot, workerId))
}
