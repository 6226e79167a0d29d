import {stripVTControlCharacters} from 'node:util'
import {Exit as ExitCode, errnoOf, isUserError, messageOf, UserError} from '../base/errors.ts'
import {briefPath} from '../base/quoted.ts'
import type {Exit, WorkerFailure} from '../model/event.ts'
import type {LogLine, Outcome, WorkerSpec} from './types.ts'

/** Why a worker is not there, or no longer: an error for the person, with the last that the worker printed. */
export function workerError(spec: WorkerSpec, outcome: Outcome, tail: readonly LogLine[]): UserError {
  const {code, message, hint = nextStep(spec, code)} = explain(spec, outcome)
  const words = code === 'WORKER_STOPPED' ? undefined : lastWords(tail)
  // What it said may be the reason already.
  const full =
    words === undefined || message.includes(words) ? message : `${message}; the last it said: ${words}`
  return new UserError({code, message: full, hint, exitCode: ExitCode.workerFailed})
}

const stopped = 'SUPERVISOR_STOPPED'

/** Whether a worker was not started since its supervisor starts none any more. */
export function isSupervisorStopped(error: unknown): boolean {
  return isUserError(error, stopped)
}

/** A worker was to start that may not any more. */
export function supervisorStopped({label}: WorkerSpec): UserError {
  return new UserError({
    code: stopped,
    message: `${label} can't be started: its supervisor was stopped, or has another worker in its place`,
    exitCode: ExitCode.workerFailed,
  })
}

/** A worker answered a request with what is no answer to it. */
export function senseless({label}: WorkerSpec, method: string): UserError {
  return new UserError({
    code: 'WORKER_PROTOCOL_ERROR',
    message: `${label} does not speak the protocol: its answer to ${method} makes no sense`,
    exitCode: ExitCode.workerFailed,
  })
}

const cannotCompileCode = 'WORKER_CANNOT_COMPILE'

/** Whether a worker can't be asked to compile at all. */
export function isCannotCompile(error: unknown): error is UserError {
  return isUserError(error, cannotCompileCode)
}

/** A worker was asked to compile that has no socket, or said that it can't. */
export function cannotCompile({id}: WorkerSpec): UserError {
  return new UserError({
    code: cannotCompileCode,
    message: `worker ${JSON.stringify(id)} can't be asked to compile`,
    hint: 'only a worker that speaks the protocol and has the capability "compile" can be',
    exitCode: ExitCode.usage,
  })
}

/** What a worker needs before its program starts, such as its socket, can't be had. */
export function cannotBePrepared({label}: WorkerSpec, error: unknown): WorkerFailure {
  const hint = error instanceof UserError ? error.hint : undefined
  return {
    code: 'WORKER_CANNOT_START',
    message: `${label} cannot be started: ${messageOf(error)}`,
    ...(hint !== undefined && {hint}),
  }
}

/** The system's refusal to start a program, in words. */
export function cannotStart(
  {label, file, cwd}: WorkerSpec,
  error: unknown,
  cwdExists: boolean,
): WorkerFailure {
  const code = 'WORKER_CANNOT_START'
  const errno = errnoOf(error)
  const why = cwdExists
    ? (errno && reasons[errno]) || messageOf(error)
    : `there is no folder ${briefPath(cwd)}`
  const cause = errno ? `${why} (${errno})` : why
  return {code, message: `${label} cannot be started: ${briefPath(file)}: ${cause}`}
}

/** `exit code 1`, `SIGSEGV`. */
export function describeExit({code, signal}: Pick<Exit, 'code' | 'signal'>): string {
  return signal ?? `exit code ${code}`
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file, or its interpreter is missing',
  EACCES: 'it may not be executed',
  ENOEXEC: 'it is no program of this machine',
  E2BIG: 'its arguments and environment are too long',
  EAGAIN: 'too many processes run',
  EMFILE: 'too many files are open',
}

function explain(spec: WorkerSpec, outcome: Outcome): {code: string; message: string; hint?: string} {
  const {label, restart} = spec
  switch (outcome.kind) {
    case 'stopped':
      return {code: 'WORKER_STOPPED', message: `${label} was stopped`}
    case 'exited':
      return ended(spec, outcome.exit)
    case 'failed': {
      const {reason, exit} = outcome
      if (reason !== 'gave-up') return ended(spec, exit)
      const last = exit.failure?.message ?? describeExit(exit)
      const within = Number.isFinite(restart.window) ? ` within ${restart.window / 1000} s` : ''
      const times = `${restart.maxRestarts} time${restart.maxRestarts === 1 ? '' : 's'}${within}`
      return {code: 'WORKER_GAVE_UP', message: `${label} ended more than ${times} (last: ${last})`}
    }
  }
}

function ended({label}: WorkerSpec, exit: Exit): {code: string; message: string; hint?: string} {
  return exit.failure ?? {code: 'WORKER_EXITED', message: `${label} ended (${describeExit(exit)})`}
}

function nextStep({file, readiness, reinstall}: WorkerSpec, code: string): string | undefined {
  if (reinstall === undefined) return nextStepOfProgram(file, code)
  switch (code) {
    case 'WORKER_STOPPED':
      return undefined
    case 'WORKER_CANNOT_START':
      return `check that ${briefPath(file)} is a program that you may run, or install it again: ${reinstall}`
    case 'WORKER_NOT_READY':
      return readiness.by === 'server'
        ? 'raise "readyTimeout" of tool.json, or see all that it prints: tool serve --verbose'
        : seeAll
    default:
      return readiness.by === 'server' ? 'see all that it prints: tool serve --verbose' : seeAll
  }
}

/** One that is no compiler of a project. */
function nextStepOfProgram(file: string, code: string): string | undefined {
  switch (code) {
    case 'WORKER_STOPPED':
      return undefined
    case 'WORKER_CANNOT_START':
      return `check that ${briefPath(file)} is a program that you may run`
    case 'WORKER_NOT_READY':
      return 'give it more time, or another sign of being ready'
    default:
      return 'see all that it printed'
  }
}

const seeAll = 'see all that it prints: run it again with --verbose'

function lastWords(tail: readonly LogLine[]): string | undefined {
  const line = tail.findLast(({text}) => stripVTControlCharacters(text).trim() !== '')
  if (line === undefined) return undefined
  const text = stripVTControlCharacters(line.text).trim()
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
