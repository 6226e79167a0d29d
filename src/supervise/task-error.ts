import {UserError} from '../base/errors.ts'

/** An error of a task's worker, with where the task is written, and what helps with a task. */
export function taskError(error: UserError, place: string, path: string, id: string): UserError {
  const {code, message, exitCode} = error
  return new UserError({
    code,
    message: `${message} (set by ${place})`,
    hint: hints[code] ?? seeLogs(path, id),
    exitCode,
    cause: error,
  })
}

const hints: Readonly<Record<string, string>> = {
  WORKER_NOT_READY: 'raise the timeout of its "ready", or say there what it does when it is ready',
  WORKER_CANNOT_START: 'mend its "command", which is relative to the file, or its "cwd"',
}

function seeLogs(path: string, id: string): string {
  return `see all that it said: tool logs ${path}:${id}`
}
