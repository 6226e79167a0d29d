import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {findPin} from '../pin/find.ts'
import {readReceipt} from '../store/receipt.ts'
import {concrete} from '../toolchain/concrete.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {versionOf} from './bin.ts'
import {installable} from './installable.ts'
import {resolveLocal} from './local.ts'
import type {Resolved} from './types.ts'

/** The Node that a project pins, where something that was resolved has scripts to be run by it; undefined elsewhere. */
export function runtimeOf(
  context: Context,
  definitions: Definitions,
  resolved: readonly Resolved[],
): Resolved | undefined {
  if (resolved.some(({toolchain}) => toolchain === 'node')) return undefined
  if (!resolved.some(one => hasScripts(context, definitions, one))) return undefined
  const pin = findPin(context, definitions, 'node')
  const {origin} = pin
  const isProjects =
    origin.kind === 'variable' || (origin.kind === 'file' && origin.path !== context.layout.globalPins)
  if (!isProjects || installable(pin) === undefined) return undefined
  return resolveLocal(context, definitions.get('node', origin), pin)
}

function hasScripts(context: Context, definitions: Definitions, resolved: Resolved): boolean {
  const {toolchain, pin} = resolved
  const receipt = resolved.via === 'store' ? readReceipt(resolved.installed) : undefined
  if (receipt) return Object.values(receipt.executables).some(({runtime}) => runtime === 'node')
  const version = versionOf(resolved)
  if (version === undefined) return false
  try {
    const {executables} = concrete(definitions.get(toolchain, pin.origin), version, context.platform)
    return Object.values(executables).some(({runtime}) => runtime === 'node')
  } catch (error) {
    // A version that a person put there may be one that the definition has nothing to say of.
    if (error instanceof UserError) return false
    throw error
  }
}
