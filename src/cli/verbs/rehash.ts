import {rehash as bringInLine} from '../../shim/rehash.ts'
import {linkedToolchains, updateLinks} from '../../store/links.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool rehash` */
export async function rehash({context}: Call): Promise<Shown> {
  const done = await bringInLine(context, await loadDefinitions(context))
  for (const toolchain of linkedToolchains(context)) await updateLinks(context, toolchain)
  for (const name of done.foreign)
    context.log.warning(`${name} in ${context.layout.shims} is no shim, and is left alone`)
  for (const name of done.written) context.log.debug(`wrote ${name}`)
  for (const name of done.removed) context.log.debug(`removed ${name}`)
  return {result: done}
}
