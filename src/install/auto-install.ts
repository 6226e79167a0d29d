import type {Context} from '../base/context.ts'
import {describeOrigin} from '../base/origin.ts'
import type {Off} from '../resolve/missing.ts'
import {userConfigWithLines} from '../toolchain/user-config.ts'

/**
 * What keeps commands that need a version from installing it by themselves; undefined where nothing does. `tool install`
 * is what a person asks for, and asks nobody.
 * @throws UserError CONFIG_INVALID
 */
export function autoInstallOff(context: Context): Off | undefined {
  const {frozen, env, layout, cwd} = context
  const {config, lineOf} = userConfigWithLines(context)
  const setting = (key: 'offline' | 'autoInstall') =>
    describeOrigin({kind: 'file', path: layout.config, line: lineOf(key)}, cwd)
  if (context.offline) {
    if (env.TOOL_OFFLINE) return without('TOOL_OFFLINE')
    return config.offline ? {by: setting('offline'), wayOut: 'with the network on'} : without('--offline')
  }
  if (frozen) return without(env.TOOL_FROZEN ? 'TOOL_FROZEN' : '--frozen')
  return config.autoInstall === false
    ? {by: setting('autoInstall'), wayOut: 'install it yourself'}
    : undefined
}

function without(by: string): Off {
  return {by, wayOut: `without ${by}`}
}
