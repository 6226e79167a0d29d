import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {findProject, type Project} from '../pin/project.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * The project of the working directory.
 * @throws UserError NO_PROJECT
 */
export function requireProject(context: Context, definitions: Definitions): Project {
  const project = findProject(context, definitions)
  if (project) return project
  throw new UserError({
    code: 'NO_PROJECT',
    message: `no .toolversion in ${context.cwd} or above it`,
    hint: 'write a line such as "typescript 5.9.3" into .toolversion, or name a version: tool install 5.9.3',
    exitCode: Exit.badPin,
  })
}
