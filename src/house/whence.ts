import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {findProgram} from '../resolve/programs.ts'
import {installedToolchains, listInstalled} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** An installed version that has a command. */
export interface Whence {
  toolchain: string
  version: string
  /** Of the program. */
  path: string
}

/**
 * The installed versions that have a command, of one toolchain or of all, each in natural order.
 * @throws UserError COMMAND_NOT_FOUND (127)
 */
export function whence(
  context: Context,
  definitions: Definitions,
  command: string,
  toolchain?: string,
): Whence[] {
  const toolchains = toolchain === undefined ? installedToolchains(context) : [toolchain]
  const found = toolchains
    .flatMap(name => listInstalled(context, name))
    .flatMap(({toolchain: owner, version, bin}) => {
      const path = findProgram(bin, command, context)
      return path === undefined ? [] : [{toolchain: owner, version, path}]
    })
  if (found.length > 0) return found
  throw new UserError({
    code: 'COMMAND_NOT_FOUND',
    message: `no installed version ${toolchain === undefined ? '' : `of ${toolchain} `}has a command ${JSON.stringify(command)}`,
    hint: howToGet(definitions.providing(command).map(({name}) => name)),
    exitCode: Exit.commandNotFound,
  })
}

function howToGet([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'no toolchain that tool knows has it'
  return `${[first, ...others].join(' and ')} has it: tool install ${first}@latest`
}
