import type {Context} from '../base/context.ts'
import {type DefaultToolchain, readDefaultToolchain} from '../toolchain/project-config.ts'
import {builtinDefault, projectDefault, variableDefault} from './bare-specs.ts'

/**
 * The toolchain that the command line speaks of where it names none: the user's own choice
 * (`TOOL_DEFAULT_TOOLCHAIN`, config), else the project's, else typescript.
 * @throws UserError DEFAULT_TOOLCHAIN_INVALID, CONFIG_INVALID, PROJECT_CONFIG_INVALID
 */
export function defaultToolchain(context: Context): DefaultToolchain {
  return (
    variableDefault(context) ??
    readDefaultToolchain(context.layout.config, context.env, 'CONFIG_INVALID') ??
    projectDefault(context.cwd, context) ?? {name: builtinDefault, origin: {kind: 'default'}}
  )
}
