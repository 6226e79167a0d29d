import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {pinFromArgument} from '../pin/argument.ts'
import type {Pin} from '../pin/types.ts'
import {findInstalled, installedToolchains} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {looksLikeSpec} from '../version/spec.ts'
import {askedToolchain} from './asked-toolchain.ts'
import {joinNames} from './join-names.ts'
import type {Call} from './verb.ts'

/**
 * The pins that words of the command line name, `[TOOLCHAIN@]SPEC…`: several versions of one toolchain are fallbacks, in
 * their order.
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN
 */
export function pinsOfWords(call: Call, definitions: Definitions, words = call.words): Pin[] {
  const {context, flags} = call
  const pins = new Map<string, Pin>()
  const chosen = typeof flags.toolchain === 'string'
  for (const pin of eachPin(context, definitions, words, {name: askedToolchain(call, definitions), chosen})) {
    const {name} = definitions.get(pin.toolchain, pin.origin)
    const earlier = pins.get(name)
    const specs: Pin['specs'] = earlier ? [...earlier.specs, ...pin.specs] : pin.specs
    pins.set(name, {...pin, toolchain: name, specs})
  }
  return [...pins.values()]
}

/** The toolchains that words of the command line name; without words the one that is asked about. @throws as `pinsOfWords` */
export function toolchainsOfWords(call: Call, definitions: Definitions): string[] {
  if (call.words.length === 0) return [askedToolchain(call, definitions)]
  return pinsOfWords(call, definitions).map(pin => pin.toolchain)
}

/** The toolchain of words that name none. */
interface ByDefault {
  name: string
  /** Where the name is from, if that is to be told. */
  origin?: Origin
  /** By `-t`, so that no word alone is a toolchain. */
  chosen: boolean
}

/**
 * A pin for every word, in their order.
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN for the name of a version of another toolchain
 */
export function eachPin(
  context: Context,
  definitions: Definitions,
  words: readonly string[],
  {name, origin, chosen}: ByDefault,
): Pin[] {
  const byDefault = origin === undefined ? name : {name, origin}
  return (chosen ? words : joinNames(words)).map(word => {
    const isVersion = isVersionAlone(context, word, name, chosen)
    if (!isVersion) refuseVersionOfAnother(context, definitions, word)
    return pinFromArgument(word, byDefault, context, {isVersion})
  })
}

/** A person may have called a version anything, so what is called exactly so comes before a toolchain of that name. */
function isVersionAlone(context: Context, word: string, toolchain: string, chosen: boolean): boolean {
  const text = word.trim()
  if (looksLikeSpec(text)) return true
  if (text.includes('@')) return false
  return chosen || findInstalled(context, toolchain, text) !== undefined
}

function refuseVersionOfAnother(context: Context, definitions: Definitions, word: string): void {
  if (word.includes('@') || definitions.canonical(word) !== undefined) return
  const owners = installedToolchains(context).filter(name => findInstalled(context, name, word))
  if (owners.length === 0) return
  throw new UserError({
    code: 'UNKNOWN_TOOLCHAIN',
    message: `there is no toolchain ${JSON.stringify(word)} (set by the command line)`,
    hint: `for the installed version of that name, write ${owners.map(name => `${name}@${word}`).join(' or ')}`,
    exitCode: Exit.badPin,
  })
}
