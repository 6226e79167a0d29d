import {describeOrigin} from '../../base/origin.ts'
import {
  versionFile as fileOf,
  heldVersion,
  versionOrigin as originOf,
  versionFileAbove,
} from '../../house/version.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {askedToolchain} from '../asked-toolchain.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool version` */
export async function version(call: Call): Promise<Shown> {
  const definitions = await loadDefinitions(call.context)
  const held = heldVersion(call.context, definitions, askedToolchain(call, definitions))
  return {text: `${held.version} (set by ${describeOrigin(held.origin, call.context.cwd)})`, result: held}
}

/** `tool version-name` */
export async function versionName(call: Call): Promise<Shown> {
  const definitions = await loadDefinitions(call.context)
  const held = heldVersion(call.context, definitions, askedToolchain(call, definitions))
  return {text: held.version, result: held}
}

/** `tool version-file [DIR]` */
export async function versionFile(call: Call): Promise<Shown> {
  const {context, words} = call
  const definitions = await loadDefinitions(context)
  const toolchain = askedToolchain(call, definitions)
  const [directory] = words
  const file =
    directory === undefined
      ? fileOf(context, definitions, toolchain)
      : versionFileAbove(context, definitions, toolchain, directory)
  if (file === undefined) return {result: {toolchain, file: null}, exitCode: 1}
  return {text: file, result: {toolchain, file}}
}

/** `tool version-origin` */
export async function versionOrigin(call: Call): Promise<Shown> {
  const definitions = await loadDefinitions(call.context)
  const toolchain = askedToolchain(call, definitions)
  const origin = originOf(call.context, definitions, toolchain)
  return {text: origin, result: {toolchain, origin}}
}
