import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {nothingPlanned} from '../driver/nothing-planned.ts'
import {checkOrder} from '../driver/order.ts'
import {planBuild, planWarm, type WarmPlan} from '../driver/plan.ts'
import type {Target} from '../driver/target.ts'
import {settingsTrust} from '../driver/trust.ts'
import type {WorkerSpec} from '../supervisor/types.ts'
import type {BuildRequest} from './types.ts'

/** What will be run for a target, and after which others. */
export interface PlannedBuild {
  target: Target
  spec: WorkerSpec
  after: readonly string[]
  /** How it is kept running instead; undefined where it can't be. */
  warm(): WarmPlan | undefined
}

/**
 * Plans all of a build before any of it begins, so that a mistake in one toolchain's settings stops all.
 * @throws UserError NOTHING_TO_BUILD, PROJECT_CONFIG_CYCLE, and those of `planBuild`
 */
export function planAll(
  {root, targets, args = [], color = false}: BuildRequest,
  context: Context,
): PlannedBuild[] {
  const trust = settingsTrust(context, root, targets)
  const {env, packageRoot} = context
  const planned = targets
    .filter(({definition}) => definition.build)
    .map(target => {
      const plan = {target, root, args, env, color, trust}
      const spec = planBuild(plan)
      return {
        target,
        spec,
        after: target.settings?.after ?? [],
        warm: () => planWarm(plan, spec, packageRoot),
      }
    })
  if (planned.length === 0) throw nothingPlanned('NOTHING_TO_BUILD', 'build', targets, root)
  const order = planned.map(({target, after}) => ({name: target.definition.name, after}))
  checkOrder(order, join(root, 'tool.json'))
  return planned
}
