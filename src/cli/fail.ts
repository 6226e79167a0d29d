import {Exit} from '../base/errors.ts'
import {Interrupted} from './interrupt.ts'
import {renderError, reportOf} from './render-error.ts'
import {usesColor} from './terminal.ts'

/** Ends a command that threw: says why on stderr (with --json on stdout), and sets the exit code. */
export function fail(error: unknown, {json = false} = {}): void {
  if (error instanceof Interrupted) {
    process.exitCode = error.exitCode
    return
  }
  const {exitCode, ...report} = reportOf(error)
  if (json && exitCode !== Exit.ok) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
    process.exitCode = exitCode
    return
  }
  if (exitCode !== Exit.ok) {
    const stack = exitCode === Exit.bug && process.env.TOOL_LOG === 'debug'
    process.stderr.write(`${renderError(error, {color: usesColor(process.stderr, process.env), stack})}\n`)
  }
  process.exitCode = exitCode
}
