import type {Context} from '../base/context.ts'
import {findProject} from '../pin/project.ts'
import {rootAbove} from '../session/running.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {requireProject} from './require-project.ts'
import {superviseFileNamed} from './supervise-file.ts'

export interface ServedProject {
  /** Absolute path of the project's root, or of a file of `tool supervise`. */
  root: string
  /** The one that is meant, by its own name; or a task of a file of `tool supervise`, which `root` is then. */
  toolchain: string | undefined
}

/**
 * The project of the working directory, for commands about what runs; one that has lost its pins still has its servers.
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, SUPERVISE_FILE_MISSING
 */
export async function servedProject(context: Context, word: string | undefined): Promise<ServedProject> {
  const file = word === undefined ? undefined : superviseFileNamed(context, word)
  if (file) return {root: file.path, toolchain: file.task}
  const definitions = await loadDefinitions(context)
  const root =
    findProject(context, definitions)?.root ?? rootAbove(context) ?? requireProject(context, definitions).root
  const toolchain =
    word === undefined ? undefined : definitions.get(word, {kind: 'argument', text: word}).name
  return {root, toolchain}
}
