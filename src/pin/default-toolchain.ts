import type {Context} from '../base/context.ts'
import type {DefaultToolchain} from '../toolchain/project-config.ts'
import {userConfigWithLines} from '../toolchain/user-config.ts'
import {builtinDefault, projectDefault, variableDefault} from './bare-specs.ts'

/**
 * The toolchain that the command line speaks of where it names none: the user's own choice
 * (`TOOL_DEFAULT_TOOLCHAIN`, config), else the project's, else typescript.
 * @throws UserError DEFAULT_TOOLCHAIN_INVALID, CONFIG_INVALID, PROJECT_CONFIG_INVALID
 */
export function defaultToolchain(context: Context): DefaultToolchain {
  return (
    variableDefault(context) ??
    usersDefault(context) ??
    projectDefault(context.cwd, context) ?? {name: builtinDefault, origin: {kind: 'default'}}
  )
}

/** What the user's own settings say. */
function usersDefault(context: Context): DefaultToolchain | undefined {
  const {config, lineOf} = userConfigWithLines(context)
  const {defaultToolchain: name} = config
  const path = context.layout.config
  return name === undefined
    ? undefined
    : {name, origin: {kind: 'file', path, line: lineOf('defaultToolchain')}}
}
