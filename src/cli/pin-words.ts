import type {Context} from '../base/context.ts'
import {pinFromArgument} from '../pin/argument.ts'
import type {Pin} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {joinNames} from './join-names.ts'

/**
 * The pins that words of the command line name, `[TOOLCHAIN@]SPEC…`: several versions of one toolchain are fallbacks, in
 * their order.
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN
 */
export function pinsOfWords(
  context: Context,
  definitions: Definitions,
  words: readonly string[],
  byDefault: string,
): Pin[] {
  const pins = new Map<string, Pin>()
  for (const word of joinNames(words)) {
    const pin = pinFromArgument(word, byDefault, context)
    const {name} = definitions.get(pin.toolchain, pin.origin)
    const earlier = pins.get(name)
    const specs: Pin['specs'] = earlier ? [...earlier.specs, ...pin.specs] : pin.specs
    pins.set(name, {...pin, toolchain: name, specs})
  }
  return [...pins.values()]
}
