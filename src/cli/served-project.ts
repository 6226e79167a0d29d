import type {Context} from '../base/context.ts'
import {findProject} from '../pin/project.ts'
import {rootAbove} from '../session/running.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {requireProject} from './require-project.ts'

export interface ServedProject {
  /** Absolute path of the project's root. */
  root: string
  /** The one that is meant, by its own name. */
  toolchain: string | undefined
}

/**
 * The project of the working directory, for commands about what runs; one that has lost its pins still has its servers.
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN
 */
export async function servedProject(context: Context, word: string | undefined): Promise<ServedProject> {
  const definitions = await loadDefinitions(context)
  const root =
    findProject(context, definitions)?.root ?? rootAbove(context) ?? requireProject(context, definitions).root
  const toolchain =
    word === undefined ? undefined : definitions.get(word, {kind: 'argument', text: word}).name
  return {root, toolchain}
}
