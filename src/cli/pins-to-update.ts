import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {findProject, projectPins} from '../pin/project.ts'
import {globalPins} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {requireProject} from './require-project.ts'

/**
 * The pins that `outdated` and `upgrade` speak of: the project's, or the global ones where there is no project, or where
 * they are asked for; of the toolchains that are named, else all.
 * @throws UserError NO_PROJECT, TOOLCHAIN_NOT_PINNED, UNKNOWN_TOOLCHAIN, PIN_*
 */
export function pinsToUpdate(
  context: Context,
  definitions: Definitions,
  words: readonly string[],
  {global}: {global: boolean},
): Pin[] {
  const all = global ? globalPins(context, definitions) : nearPins(context, definitions)
  if (words.length === 0) return [...all]
  return words.map(word => {
    const {name} = definitions.get(word, {kind: 'argument', text: word})
    const pin = all.find(({toolchain}) => toolchain === name)
    if (pin !== undefined) return pin
    throw new UserError({
      code: 'TOOLCHAIN_NOT_PINNED',
      message: `${name} is not pinned ${global ? 'globally' : 'here'} (set by the command line)`,
      hint:
        all.length > 0
          ? `pinned are ${all.map(({toolchain}) => toolchain).join(', ')}`
          : `write "${name} latest" into ${global ? context.layout.globalPins : '.toolversion'}`,
      exitCode: Exit.badPin,
    })
  })
}

function nearPins(context: Context, definitions: Definitions): readonly Pin[] {
  const project = findProject(context, definitions)
  if (project !== undefined) return projectPins(context, definitions, project)
  const global = globalPins(context, definitions)
  // Where nothing at all is pinned, a project is what is missing.
  return global.length > 0 ? global : projectPins(context, definitions, requireProject(context, definitions))
}
