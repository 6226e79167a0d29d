import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {nothingPlanned} from '../driver/nothing-planned.ts'
import {checkOrder} from '../driver/order.ts'
import {planWatch} from '../driver/plan.ts'
import {settingsTrust} from '../driver/trust.ts'
import type {PlannedWorker} from '../session/types.ts'
import {keepAtWork} from './keep-at-work.ts'
import type {ProjectFiles} from './project-files.ts'
import type {WatchRequest} from './types.ts'

/**
 * Plans all watching compilers before any of them begins.
 * @param files of the project, watched by the process in which the compilers run
 * @throws UserError NOTHING_TO_WATCH, PROJECT_CONFIG_CYCLE, and those of `planWatch`
 */
export function planWatchers(
  {root, targets, args = [], color = false}: Pick<WatchRequest, 'root' | 'targets' | 'args' | 'color'>,
  {env, ...context}: Context,
  files: ProjectFiles,
): PlannedWorker[] {
  const watched = targets.filter(({definition}) => definition.watch ?? definition.build)
  if (watched.length === 0) throw nothingPlanned('NOTHING_TO_WATCH', 'watch', targets, root)
  const trust = settingsTrust({env, ...context}, root, watched)
  const order = watched.map(({definition, settings}) => ({
    name: definition.name,
    after: settings?.after ?? [],
  }))
  checkOrder(order, join(root, 'tool.json'))
  return watched.map(target => {
    const {spec, kind} = planWatch({target, root, args, env, color, trust})
    const after = target.settings?.after ?? []
    return {
      spec,
      target,
      accompany: (worker, supervisor) => keepAtWork({worker, kind, supervisor, files, after}),
    }
  })
}
