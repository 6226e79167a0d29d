import {statSync} from 'node:fs'
import {resolve} from 'node:path'
import {ancestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {defaultToolchain} from './default-toolchain.ts'
import {globalPins, pinsIn} from './readers.ts'
import type {Pin} from './types.ts'
import {variablePin} from './variables.ts'

/**
 * What is pinned of a toolchain here: by a variable, else by the nearest file that names it, else by the global file;
 * else it is the system's.
 * @throws UserError PIN_*, DIRECTORY_NOT_FOUND, VERSION_FILE_NAME_INVALID
 */
export function findPin(context: Context, definitions: Definitions, toolchain: string): Pin {
  const variable = variablePin(context, toolchain, () => defaultToolchain(context).name)
  if (variable !== undefined) return variable
  for (const pin of filedPins(context, definitions, toolchain)) if (pin.toolchain === toolchain) return pin
  return systemPin(context, toolchain)
}

/** Every pin that holds here, nearest first: of the toolchains that a file names, and of those that only a variable does. */
export function currentPins(context: Context, definitions: Definitions): Pin[] {
  const filed = new Map<string, Pin>()
  for (const pin of filedPins(context, definitions))
    if (!filed.has(pin.toolchain)) filed.set(pin.toolchain, pin)
  const {name: byDefault} = defaultToolchain(context)
  const toolchains = new Set([...filed.keys(), byDefault, ...definitions.names()])
  return [...toolchains].flatMap(
    toolchain => variablePin(context, toolchain, () => byDefault) ?? filed.get(toolchain) ?? [],
  )
}

/** The pins of all files that are looked at, those that count first; a file is read when it is reached. */
function* filedPins(context: Context, definitions: Definitions, only?: string): Generator<Pin> {
  for (const start of startingPoints(context)) {
    for (const directory of ancestors(start)) yield* pinsIn(directory, context, definitions, only)
  }
  yield* globalPins(context, definitions)
}

/** The folders that files are looked for from: `TOOL_DIR` first, then the working directory. @throws UserError DIRECTORY_NOT_FOUND */
export function startingPoints({cwd, env}: Context): string[] {
  if (!env.TOOL_DIR) return [cwd]
  const directory = resolve(cwd, env.TOOL_DIR)
  if (statSync(directory, {throwIfNoEntry: false})?.isDirectory()) return [directory, cwd]
  throw new UserError({
    code: 'DIRECTORY_NOT_FOUND',
    message: `there is no folder ${directory} (set by TOOL_DIR)`,
    hint: 'set TOOL_DIR to an existing folder, or unset it',
    exitCode: Exit.usage,
  })
}

function systemPin({cwd}: Context, toolchain: string): Pin {
  return {toolchain, specs: [{kind: 'system', text: 'system'}], origin: {kind: 'default'}, baseDirectory: cwd}
}
