import type {Context} from '../base/context.ts'
import {planBuild, planWarm} from '../driver/plan.ts'
import {settingsTrust} from '../driver/trust.ts'
import type {PlannedWorker} from '../session/types.ts'
import type {BuildRequest} from './types.ts'

/**
 * Plans what a session keeps for builds; what can't be kept is left out.
 * @throws UserError those of `planBuild`
 */
export function planKept(
  {root, targets, args = []}: Pick<BuildRequest, 'root' | 'targets' | 'args'>,
  context: Context,
): PlannedWorker[] {
  const {env, packageRoot} = context
  const trust = settingsTrust(context, root, targets)
  return targets
    .filter(({definition}) => definition.build)
    .flatMap(target => {
      const plan = {target, root, args, env, color: false, trust}
      const warm = planWarm(plan, planBuild(plan), packageRoot)
      return warm ? {spec: warm.spec, target} : []
    })
}
