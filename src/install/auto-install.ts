import type {Context} from '../base/context.ts'
import type {Off} from '../resolve/missing.ts'

/**
 * What keeps commands that need a version from installing it by themselves; undefined where nothing does. `tool install`
 * itself is asked by a person, and does it nevertheless.
 */
export function autoInstallOff({offline, frozen, env}: Context): Off | undefined {
  if (offline) return off(env.TOOL_OFFLINE ? 'TOOL_OFFLINE' : '--offline')
  if (frozen) return off(env.TOOL_FROZEN ? 'TOOL_FROZEN' : '--frozen')
  return undefined
}

function off(by: string): Off {
  return {by, wayOut: `without ${by}`}
}
