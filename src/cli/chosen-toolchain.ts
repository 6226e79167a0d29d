import {toolchainNamed} from '../house/toolchain-named.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {Call} from './verb.ts'

/**
 * The toolchain that `-t` names, if it was given.
 * @throws UserError UNKNOWN_TOOLCHAIN
 */
export function chosenToolchain(
  {context, flags: {toolchain}}: Pick<Call, 'context' | 'flags'>,
  definitions: Definitions,
): string | undefined {
  if (typeof toolchain !== 'string') return undefined
  return toolchainNamed(context, definitions, toolchain, {kind: 'argument', text: `-t ${toolchain}`})
}
