import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {pinError} from './parse.ts'
import {parseSpecLine} from './parse-line.ts'
import type {Pin} from './types.ts'

/** The variable that overrides a toolchain's pins: `TOOL_<NAME>_VERSION`. */
export function variableName(toolchain: string): string {
  return `TOOL_${toolchain.toUpperCase().replaceAll('-', '_')}_VERSION`
}

/**
 * What the environment says about a toolchain: its own variable, or `TOOL_VERSION` if it is the default one.
 * Empty counts as unset. `defaultToolchain` is asked only if that variable is set.
 * @throws UserError PIN_*
 */
export function variablePin(
  context: Context,
  toolchain: string,
  defaultToolchain: () => string,
): Pin | undefined {
  const {env} = context
  const own = variableName(toolchain)
  const value = env[own]
  if (value) return pinOf(toolchain, value, own, context)
  if (env.TOOL_VERSION && defaultToolchain() === toolchain) {
    return pinOf(toolchain, env.TOOL_VERSION, 'TOOL_VERSION', context)
  }
  return undefined
}

function pinOf(toolchain: string, value: string, name: string, {cwd}: Context): Pin | undefined {
  const origin: Origin = {kind: 'variable', name}
  const parsed = parseSpecLine(value)
  if (parsed === undefined) return undefined
  if ('code' in parsed) throw pinError(parsed, origin, cwd)
  return {toolchain, specs: parsed.specs, origin, baseDirectory: cwd}
}
