import {Exit, UserError} from '../base/errors.ts'
import type {WorkerMode} from '../model/protocol.ts'
import type {Target} from './target.ts'

/** Of all that a project pins, nothing can do what was asked for. */
export function nothingPlanned(
  code: string,
  mode: WorkerMode,
  targets: readonly Target[],
  root: string,
): UserError {
  const names = targets.map(({definition}) => definition.name).join(', ')
  return new UserError({
    code,
    message:
      names === '' ? `${root} pins no toolchain` : `there is nothing to ${mode} with ${names} in ${root}`,
    hint: 'pin a compiler: write "typescript latest" into .toolversion',
    exitCode: Exit.badPin,
  })
}
