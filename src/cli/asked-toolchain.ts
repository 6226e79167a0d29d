import {defaultToolchain} from '../pin/default-toolchain.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {chosenToolchain} from './chosen-toolchain.ts'
import type {Call} from './verb.ts'

/**
 * The toolchain that a command speaks of: the one of `-t`, else the default one.
 * @throws UserError UNKNOWN_TOOLCHAIN, DEFAULT_TOOLCHAIN_INVALID, CONFIG_INVALID, PROJECT_CONFIG_INVALID
 */
export function askedToolchain(call: Pick<Call, 'context' | 'flags'>, definitions: Definitions): string {
  const chosen = chosenToolchain(call, definitions)
  if (chosen !== undefined) return chosen
  const {name, origin} = defaultToolchain(call.context)
  return definitions.get(name, origin).name
}
