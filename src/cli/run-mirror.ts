import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {type Mirrored, mirror} from '../house/mirror.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {joinNames} from './join-names.ts'
import {withProgress} from './with-progress.ts'

/**
 * `tool mirror TOOLCHAIN@VERSION… --to DIR`
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN, and those of `mirror`
 */
export async function runMirror(
  context: Context,
  words: readonly string[],
  {to, platforms, quiet}: {to: string; platforms: readonly string[]; quiet: boolean},
): Promise<Mirrored[]> {
  const definitions = await loadDefinitions(context)
  const byDefault = defaultToolchain(context)
  const pins = joinNames(words).map(word => pinFromArgument(word, byDefault, context))
  const request = {pins, directory: resolve(context.cwd, to), platforms}
  return withProgress(context, quiet, shown => mirror(context, definitions, request, shown))
}
