import type {WatchRun} from '../../watch/runs.ts'
import {paint} from './pretty.ts'

/** A run in one line: `✖ typescript: 2 errors in 1 file (312 ms after the save)`. */
export function renderRun(run: WatchRun, color: boolean): string {
  const {toolchain, status} = run
  const mark = status === 'ok' ? paint('green', '✔', color) : paint('red', '✖', color)
  return `${mark} ${paint('bold', toolchain, color)}: ${standing(run)} ${paint('dim', `(${timing(run)})`, color)}\n`
}

/** What stands of a compiler whose session was joined. */
export function renderStanding(run: Pick<WatchRun, 'toolchain' | 'summary'>, color: boolean): string {
  const mark = run.summary.errors === 0 ? paint('green', '✔', color) : paint('red', '✖', color)
  return `${mark} ${paint('bold', run.toolchain, color)}: ${standing({...run, status: 'ok', resolved: 0})}\n`
}

function standing({summary, status, resolved}: Pick<WatchRun, 'summary' | 'status' | 'resolved'>): string {
  const {errors, warnings, files} = summary
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ]
  const none = status === 'error' ? 'failed' : 'no errors'
  const found = errors > 0 ? counts : [none, ...counts]
  const where = counts.length > 0 ? ` in ${plural(files, 'file')}` : ''
  return `${found.join(', ')}${where}${resolved > 0 ? `, ${resolved} resolved` : ''}`
}

function timing({latencyMs, durationMs}: WatchRun): string {
  return latencyMs === null ? `in ${duration(durationMs)}` : `${duration(latencyMs)} after the save`
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
