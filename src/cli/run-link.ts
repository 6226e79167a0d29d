import type {Context} from '../base/context.ts'
import {type Linked, link} from '../house/link.ts'
import {toolchainNamed} from '../house/toolchain-named.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'

/**
 * `tool link [TOOLCHAIN@]NAME DIR`
 * @throws UserError UNKNOWN_TOOLCHAIN, and those of `link`
 */
export async function runLink(
  context: Context,
  words: {name: string; directory: string},
  {toolchain, force}: {toolchain?: string | undefined; force: boolean},
): Promise<Linked> {
  const definitions = await loadDefinitions(context)
  const at = words.name.indexOf('@')
  const named = at > 0 ? words.name.slice(0, at) : toolchain
  const owner =
    named === undefined
      ? defaultToolchain(context).name
      : toolchainNamed(context, definitions, named, {kind: 'argument', text: named})
  const name = at > 0 ? words.name.slice(at + 1) : words.name
  return link(context, definitions, {toolchain: owner, name, directory: words.directory, force})
}
