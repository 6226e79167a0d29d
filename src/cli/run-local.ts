import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {unsetPins} from '../house/pin-file.ts'
import {globalPin, localPin, type Pinned} from '../house/pinned.ts'
import {ownPinFileName} from '../pin/readers.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {askedToolchain} from './asked-toolchain.ts'
import {pinsOfWords, toolchainsOfWords} from './pin-words.ts'
import {runSetPins} from './run-set-pins.ts'
import type {Call, Shown} from './verb.ts'

/** Which file: the working directory's, or the global one. */
type Place = 'local' | 'global'

/**
 * `tool local` and `tool global`: show, set or unset what the file pins.
 * @throws UserError NOT_PINNED (3), VERSION_NOT_INSTALLED (7), PIN_*, UNKNOWN_TOOLCHAIN, and those of install
 */
export async function runLocal(call: Call, place: Place): Promise<Shown> {
  const {context, words, flags} = call
  const definitions = await loadDefinitions(context)
  const path = place === 'global' ? context.layout.globalPins : join(context.cwd, ownPinFileName(context))
  if (flags.unset) {
    const named = toolchainsOfWords(call, definitions)
    const removed = await unsetPins(context, definitions, path, named)
    if (removed.length === 0) context.log.info(`${path} does not pin ${named.join(', ')}`)
    return {result: {path, removed}}
  }
  if (words.length === 0) {
    const toolchain = askedToolchain(call, definitions)
    const pinned =
      place === 'global'
        ? globalPin(context, definitions, toolchain)
        : localPin(context, definitions, toolchain)
    if (pinned === undefined) throw notPinned(context, toolchain)
    return show(pinned)
  }
  const pins = pinsOfWords(call, definitions)
  const options = {install: flags.install !== false, quiet: flags.quiet === true}
  return {result: await runSetPins(context, definitions, path, pins, options)}
}

function show(pinned: Pinned): Shown {
  return {text: pinned.specs.join(' '), result: pinned}
}

function notPinned({cwd}: Context, toolchain: string): UserError {
  return new UserError({
    code: 'NOT_PINNED',
    message: `no file in ${cwd} or above it pins ${toolchain}`,
    hint: `tool local ${toolchain}@latest`,
    exitCode: Exit.badPin,
  })
}
