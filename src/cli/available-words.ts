import type {Context} from '../base/context.ts'
import {type Available, available} from '../house/available.ts'
import {asOfNote} from '../house/offered.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {isToolchainName} from '../toolchain/name.ts'

/**
 * `tool available [TOOLCHAIN[@RANGE] | RANGE]`
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN, and those of `available`
 */
export async function availableWords(
  context: Context,
  word: string | undefined,
  {toolchain, all}: {toolchain?: string | undefined; all: boolean},
): Promise<Available> {
  const definitions = await loadDefinitions(context)
  const byDefault = toolchain === undefined ? defaultToolchain(context) : undefined
  const isWholeToolchain = word === undefined || (toolchain === undefined && isToolchainName(word))
  const pin = isWholeToolchain ? undefined : pinFromArgument(word, byDefault ?? toolchain ?? '', context)
  const name = pin?.toolchain ?? word ?? toolchain ?? byDefault?.name ?? ''
  const origin = toolchain === undefined && word === undefined && byDefault ? byDefault.origin : undefined
  const definition = definitions.get(name, pin?.nameOrigin ?? origin ?? {kind: 'argument', text: name})
  const found = await available(context, definition, {pin, all})
  if (found.asOf !== null) context.log.info(asOfNote(found.toolchain, found.asOf))
  return found
}
