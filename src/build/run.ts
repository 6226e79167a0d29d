import {stripVTControlCharacters} from 'node:util'
import {messageOf, UserError} from '../base/errors.ts'
import {type Diagnostic, Severity} from '../model/diagnostic.ts'
import {Status, type StatusCode} from '../model/protocol.ts'
import type {Outcome, Supervisor, Worker, WorkerSpec} from '../supervisor/types.ts'
import {describeExit} from '../supervisor/worker-error.ts'
import type {BuildFailure, BuildStatus} from './types.ts'

/** How one compiler fared. */
export interface Verdict {
  status: Exclude<BuildStatus, 'skipped'>
  failure?: BuildFailure
}

/** Most lines of output that a failure shows. */
const shownLines = 20

/** Runs one compiler once, to its end. `diagnostics` gives what is known of it by then. */
export async function runCompiler(
  supervisor: Supervisor,
  spec: WorkerSpec,
  diagnostics: () => readonly Diagnostic[],
  signal: AbortSignal,
): Promise<Verdict> {
  const worker = supervisor.start(spec)
  const end = spec.ipc ? await compileOnce(worker, spec.ipc.arguments, signal) : await worker.done
  if (signal.aborted && end.kind === 'refused') return {status: 'cancelled'}
  const hasErrors = diagnostics().some(({severity = Severity.error}) => severity === Severity.error)
  return judge(end, hasErrors, worker)
}

/** A compiler that answered, one that could not, or a process that ended. */
type End = {kind: 'answered'; status: StatusCode} | {kind: 'refused'; error: unknown} | Outcome

async function compileOnce(worker: Worker, args: readonly string[], signal: AbortSignal): Promise<End> {
  try {
    const {status} = await worker.compile({taskId: worker.id, arguments: [...args]}, signal)
    return {kind: 'answered', status}
  } catch (error) {
    return {kind: 'refused', error}
  } finally {
    await worker.stop()
  }
}

function judge(end: End, hasErrors: boolean, worker: Worker): Verdict {
  const {label} = worker.spec
  switch (end.kind) {
    case 'answered':
      if (end.status === Status.cancelled) return {status: 'cancelled'}
      if (hasErrors) return {status: 'errors'}
      return end.status === Status.ok
        ? {status: 'ok'}
        : crashed(worker, 'COMPILER_FAILED', `${label} failed without reporting an error`)
    case 'refused': {
      const code = end.error instanceof UserError ? end.error.code : 'COMPILER_FAILED'
      return crashed(worker, code, messageOf(end.error))
    }
    case 'failed':
      return crashed(
        worker,
        end.exit.failure?.code ?? 'COMPILER_FAILED',
        end.exit.failure?.message ?? ended(label, end),
      )
    case 'stopped':
      return {status: 'cancelled'}
    case 'exited':
      if (end.exit.signal !== null) return crashed(worker, 'COMPILER_KILLED', ended(label, end))
      if (hasErrors) return {status: 'errors'}
      return end.exit.code === 0
        ? {status: 'ok'}
        : crashed(worker, 'COMPILER_FAILED', `${ended(label, end)} without reporting an error`)
  }
}

function ended(label: string, {exit}: Extract<Outcome, {kind: 'exited' | 'failed'}>): string {
  return `${label} ended (${describeExit(exit)})`
}

function crashed(worker: Worker, code: string, message: string): Verdict {
  const output = worker
    .tail()
    .map(line => stripVTControlCharacters(line.text).trimEnd())
    .filter(text => text !== '')
    .slice(-shownLines)
  return {status: 'crashed', failure: {code, message, output}}
}
