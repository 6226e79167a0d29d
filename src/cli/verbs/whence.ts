import {whence as find} from '../../house/whence.ts'
import {defaultToolchain} from '../../pin/default-toolchain.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {chosenToolchain} from '../chosen-toolchain.ts'
import {renderWhence} from '../render/whence.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool whence COMMAND` */
export async function whence(call: Call): Promise<Shown> {
  const {
    context,
    flags,
    words: [command = ''],
  } = call
  const definitions = await loadDefinitions(context)
  const toolchain = chosenToolchain(call, definitions)
  const found = find(context, definitions, command, toolchain)
  const bare = toolchain ?? defaultToolchain(context).name
  return {text: renderWhence(found, {bare, paths: flags.path === true}), result: found}
}
