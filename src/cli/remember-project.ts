import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {findProject, type Project} from '../pin/project.ts'
import {rememberProject} from '../store/projects.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** Writes down that the project of the working directory is used, if it is in one. Never in the way of what is to be done. */
export async function rememberThisProject(context: Context, definitions: Definitions): Promise<void> {
  const project = projectIfSound(context, definitions)
  if (project !== undefined) await rememberProject(context, project.root)
}

/** Who names a version needs no file that pins one, so one that is wrong is not told here. */
function projectIfSound(context: Context, definitions: Definitions): Project | undefined {
  try {
    return findProject(context, definitions)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.log.debug(`the project is not remembered: ${error.message}`)
    return undefined
  }
}
