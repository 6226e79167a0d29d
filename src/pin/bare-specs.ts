import {projectAncestors} from '../base/ancestors.ts'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {isToolchainName} from '../toolchain/name.ts'
import {type DefaultToolchain, projectConfigName, readDefaultToolchain} from '../toolchain/project-config.ts'

/** What a spec without a name pins, where nobody chose anything else. */
export const builtinDefault = 'typescript'

/**
 * What a bare spec pins in a file of this folder: what `TOOL_DEFAULT_TOOLCHAIN` says, else the nearest `tool.json` at
 * or above the folder, so that a line means the same from wherever in the project it is read.
 * @throws UserError DEFAULT_TOOLCHAIN_INVALID, PROJECT_CONFIG_INVALID
 */
export function toolchainOfBareSpecs(directory: string, context: Context): string {
  return (variableDefault(context) ?? projectDefault(directory, context))?.name ?? builtinDefault
}

/** What a bare spec pins in the global file, which belongs to no project. */
export function toolchainOfGlobalSpecs(context: Context): string {
  return variableDefault(context)?.name ?? builtinDefault
}

/** What the nearest `tool.json` at or above a folder says. */
export function projectDefault(directory: string, context: Context): DefaultToolchain | undefined {
  for (const at of projectAncestors(directory, context)) {
    const found = readDefaultToolchain(childPath(at, projectConfigName), context.env)
    if (found !== undefined) return found
  }
  return undefined
}

/** What `TOOL_DEFAULT_TOOLCHAIN` says. */
export function variableDefault({env}: Context): DefaultToolchain | undefined {
  const name = env.TOOL_DEFAULT_TOOLCHAIN
  if (!name) return undefined
  if (isToolchainName(name)) return {name, origin: {kind: 'variable', name: 'TOOL_DEFAULT_TOOLCHAIN'}}
  throw new UserError({
    code: 'DEFAULT_TOOLCHAIN_INVALID',
    message: `${JSON.stringify(name)} is no name of a toolchain (set by TOOL_DEFAULT_TOOLCHAIN)`,
    hint: 'set it to a name such as typescript, or unset it',
    exitCode: Exit.usage,
  })
}
