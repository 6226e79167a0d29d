import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {planServe, requestedAddress} from '../driver/plan.ts'
import type {Target} from '../driver/target.ts'
import {settingsTrust} from '../driver/trust.ts'
import type {ServeSettings} from '../model/project-config.ts'
import type {PlannedWorker} from '../session/types.ts'
import {startError} from './start-error.ts'
import type {ServeRequest} from './types.ts'

export type PlannedServer = PlannedWorker & {target: Target<ServeSettings>}

/**
 * Plans all servers before any of them begins.
 * @throws UserError NOTHING_TO_SERVE, PORT_FOR_MANY, and those of `planServe`
 */
export function planServers(
  request: Pick<ServeRequest, 'root' | 'targets' | 'args' | 'host' | 'port' | 'color'>,
  context: Context,
): PlannedServer[] {
  const {root, targets, args = [], host, port, color = false} = request
  const {env, cwd} = context
  const served = targets.filter(({definition}) => definition.serve)
  const names = (some: ServeRequest['targets']) => some.map(({definition}) => definition.name).join(', ')
  if (served.length === 0) {
    throw new UserError({
      code: 'NOTHING_TO_SERVE',
      message:
        targets.length === 0
          ? `${root} pins no toolchain`
          : `${names(targets)} in ${root} can't be served: no server`,
      hint: 'pin a compiler that has a server: write "esbuild latest" into .toolversion',
      exitCode: Exit.badPin,
    })
  }
  if (port && served.length > 1) {
    throw new UserError({
      code: 'PORT_FOR_MANY',
      message: `port ${port} can be only one server's, and ${root} has ${served.length}: ${names(served)}`,
      hint: `say whose it is: tool serve ${served[0]?.definition.name} --port ${port}`,
      exitCode: Exit.usage,
    })
  }
  const trust = settingsTrust(context, root, served)
  return served.map(target => {
    const plan = {target, root, args, env, color, trust, host, port}
    const spec = planServe(plan)
    const address = requestedAddress(plan)
    const explain: PlannedWorker['explain'] = (error, diagnostics) =>
      startError(error, {target, spec, address}, cwd, diagnostics)
    return {target, spec, port: address.port, explain}
  })
}
