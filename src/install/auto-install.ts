import type {Context} from '../base/context.ts'
import type {Off} from '../resolve/missing.ts'
import {readUserConfig} from '../toolchain/user-config.ts'

/**
 * What keeps commands that need a version from installing it by themselves; undefined where nothing does. `tool install`
 * itself is asked by a person, and does it nevertheless.
 */
export function autoInstallOff(context: Context): Off | undefined {
  const {offline, frozen, env} = context
  if (offline) return off(env.TOOL_OFFLINE ? 'TOOL_OFFLINE' : '--offline')
  if (frozen) return off(env.TOOL_FROZEN ? 'TOOL_FROZEN' : '--frozen')
  if (readUserConfig(context).autoInstall !== false) return undefined
  return {by: 'autoInstall in config.json', wayOut: 'by yourself'}
}

function off(by: string): Off {
  return {by, wayOut: `without ${by}`}
}
