import {prefix as find} from '../../house/prefix.ts'
import {defaultToolchain} from '../../pin/default-toolchain.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {chosenToolchain} from '../chosen-toolchain.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool prefix [VERSION]` */
export async function prefix(call: Call): Promise<Shown> {
  const {
    context,
    words: [version],
  } = call
  const definitions = await loadDefinitions(context)
  const toolchain = chosenToolchain(call, definitions) ?? defaultToolchain(context).name
  const directory = find(context, definitions, toolchain, version)
  return {text: directory, result: {directory}}
}
