import type {Context} from '../base/context.ts'
import {findPin} from '../pin/find.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {programOf} from './bin.ts'
import {resolveLocal} from './local.ts'
import {findOnPath} from './programs.ts'

/**
 * The Node that runs executables with `runtime: node`: the pinned one if it is there, else the machine's, else the one
 * that runs this program. Never a shim, which would ask us again.
 */
export function findNode(context: Context, definitions: Definitions): string {
  const pin = findPin(context, definitions, 'node')
  const resolved = resolveLocal(context, definitions.get('node', pin.origin), pin)
  return programOf(resolved, 'node', context) ?? findOnPath('node', context) ?? context.runtime
}
