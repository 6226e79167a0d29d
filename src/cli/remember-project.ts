import type {Context} from '../base/context.ts'
import {findProject} from '../pin/project.ts'
import {rememberProject} from '../store/projects.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** Writes down that the project of the working directory is used, if it is in one. Never rejects for want of a home. */
export async function rememberThisProject(context: Context, definitions: Definitions): Promise<void> {
  const project = findProject(context, definitions)
  if (project !== undefined) await rememberProject(context, project.root)
}
