import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {projectConfigName} from '../toolchain/project-config.ts'
import {digestOf, notTrusted, type TrustState, trustOf} from '../toolchain/trust.ts'
import type {Target} from './target.ts'

export interface TrustRequest {
  target: Target
  mode: WorkerMode
  root: string
  /** Whether the person said that the project's settings may act. */
  trust: TrustState
}

/** Whether the settings of a project are trusted, as far as any of its targets needs that. */
export function settingsTrust(context: Context, root: string, targets: readonly Target[]): TrustState {
  const setting = targets.find(target => variablesOf(target).length > 0)
  if (setting === undefined) return 'unknown'
  return trustOf(context, join(root, projectConfigName), () => digestOf(setting.settingsText ?? ''))
}

/**
 * Sees to it that a project's own words for a compiler's environment act only in a trusted project.
 * @throws UserError PROJECT_NOT_TRUSTED
 */
export function checkTrust({target, mode, root, trust: state}: TrustRequest): void {
  const names = variablesOf(target)
  if (state === 'trusted' || names.length === 0) return
  const {name} = target.definition
  const path = join(root, projectConfigName)
  throw notTrusted(
    {
      code: 'PROJECT_NOT_TRUSTED',
      what: `the project is not trusted to set ${names.join(', ')} for ${name}`,
      setBy: `${path}, ${target.environmentFrom ?? mode}.${name}.environment`,
      path,
      state,
    },
    {cwd: root},
  )
}

const variablesOf = ({settings}: Target) => Object.keys(settings?.environment ?? {})
