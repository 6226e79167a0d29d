import {Exit, UserError} from '../base/errors.ts'
import type {Artifact} from '../source/types.ts'
import type {ConcreteDefinition} from '../toolchain/concrete.ts'

/**
 * Where a program goes that comes without an archive around it: where its definition looks for it.
 * @throws UserError DEFINITION_INVALID if that is not one place
 */
export function bareExecutablePath(
  {name, executables: usual}: ConcreteDefinition,
  {executables = usual}: Pick<Artifact, 'executables'> = {},
): string {
  const [path, ...others] = new Set(Object.values(executables).map(executable => executable.path))
  if (path !== undefined && others.length === 0) return path
  throw new UserError({
    code: 'DEFINITION_INVALID',
    message: `definition of ${name}: what is downloaded is one program, and \`executables\` names ${others.length + (path === undefined ? 0 : 1)} paths`,
    hint: 'give all executables one path, or a source that has an archive',
    exitCode: Exit.badPin,
  })
}
