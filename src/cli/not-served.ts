import {Exit, UserError} from '../base/errors.ts'
import {isSuperviseFile, placeName} from './supervise-file.ts'

/**
 * Nothing that is meant runs for a project.
 * @param running toolchains that do run
 */
export function notServed(
  root: string,
  toolchain: string | undefined,
  running: readonly string[],
): UserError {
  return new UserError({
    code: 'NOT_SERVED',
    message: `no server ${toolchain === undefined ? '' : `of ${toolchain} `}runs for ${placeName(root)}`,
    hint:
      running.length === 0
        ? `start it: tool ${isSuperviseFile(root) ? `supervise ${root}` : 'serve'}`
        : `there is one of ${running.join(', ')}`,
    exitCode: Exit.workerFailed,
  })
}
