import {prefix as find} from '../../house/prefix.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {askedToolchain} from '../asked-toolchain.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool prefix [VERSION]` */
export async function prefix(call: Call): Promise<Shown> {
  const {
    context,
    words: [version],
  } = call
  const definitions = await loadDefinitions(context)
  const toolchain = askedToolchain(call, definitions)
  const directory = find(context, definitions, toolchain, version)
  return {text: directory, result: {directory}}
}
