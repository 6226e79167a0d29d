import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {quoteWord} from '../base/quote-word.ts'
import {toolchainNamed} from '../house/toolchain-named.ts'
import {planUninstall, type Removable, uninstall} from '../house/uninstall.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {agree} from './agree.ts'
import {joinNames} from './join-names.ts'
import {describeReason} from './render/reason.ts'

export interface UninstallOptions {
  toolchain: string | undefined
  /** Doesn't ask, and takes a version that is not there for removed. */
  force: boolean
  /** Doesn't ask. */
  yes: boolean
  json: boolean
}

/**
 * `tool uninstall VERSION…`: asks where somebody needs one of them.
 * @throws UserError VERSION_IN_USE, and those of `planUninstall` and `uninstall`
 */
export async function runUninstall(
  context: Context,
  words: readonly string[],
  {toolchain, force, yes, json}: UninstallOptions,
): Promise<Removable[]> {
  const definitions = await loadDefinitions(context)
  const byDefault =
    toolchain === undefined
      ? defaultToolchain(context).name
      : toolchainNamed(context, definitions, toolchain, {kind: 'argument', text: toolchain})
  const named = toolchain === undefined ? joinNames(words) : words
  const found = await planUninstall(context, definitions, {words: named, toolchain: byDefault, force})
  const used = found.filter(({uses}) => uses.length > 0)
  if (used.length > 0 && !force && !yes) {
    const about = used.map(one => `${describe(one, context)}\n`).join('')
    await agree(context, {about, question: 'Remove it nevertheless?', refusal: inUse(used, context)}, {json})
  }
  await uninstall(context, definitions, found)
  return found
}

function describe({toolchain, version, uses}: Removable, context: Context): string {
  return `${toolchain} ${version} is in use: ${uses.map(use => describeReason(use, context)).join(', ')}`
}

function inUse(used: readonly Removable[], context: Context): UserError {
  const names = used.map(({toolchain, version}) => quoteWord(`${toolchain}@${version}`))
  return new UserError({
    code: 'VERSION_IN_USE',
    message: used.map(one => describe(one, context)).join('; '),
    hint: `to remove it nevertheless: tool uninstall --yes ${names.join(' ')}`,
    exitCode: Exit.usage,
  })
}
