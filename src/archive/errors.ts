import {Exit, UserError} from '../base/errors.ts'

/** The archive wants something that no honest archive wants; nothing of it is kept. */
export function unsafe(what: string): UserError {
  return new UserError({
    code: 'ARCHIVE_UNSAFE',
    message: `the archive is refused: ${what}`,
    hint: 'report it to those who published it, and choose another version',
    exitCode: Exit.integrity,
  })
}

/** The archive can't be read to its end. */
export function corrupt(what: string, cause?: unknown): UserError {
  return new UserError({
    code: 'ARCHIVE_CORRUPT',
    message: `the archive is damaged: ${what}`,
    hint: 'try again; if it stays so, report it to those who published it',
    exitCode: Exit.integrity,
    cause,
  })
}
