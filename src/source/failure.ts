import {UserError} from '../base/errors.ts'
import type {SourceDefinition} from '../model/source-definition.ts'

export interface SourceFailure {
  source: SourceDefinition
  error: UserError
}

/**
 * What is told where every source of a toolchain failed: the first failure, but the answer of one before the silence of
 * another, which is then mentioned.
 */
export function failureOf(failures: readonly SourceFailure[]): unknown {
  const silent = silences(failures)
  const [answer] = failures.filter(({error}) => !isSilence(error))
  if (answer === undefined || silent.length === 0) return failures[0]?.error
  const {code, message, hint, exitCode} = answer.error
  return new UserError({
    code,
    message: `${message}; another source could not be asked: ${silent.join('; ')}`,
    hint,
    exitCode,
    cause: answer.error,
  })
}

/** Why sources said nothing at all, in words. */
export function silences(failures: readonly SourceFailure[]): string[] {
  return failures.filter(({error}) => isSilence(error)).map(({error}) => error.message)
}

/** Whether a source said nothing at all. */
function isSilence({code}: UserError): boolean {
  return code.startsWith('NETWORK_') && code !== 'NETWORK_NOT_FOUND'
}
