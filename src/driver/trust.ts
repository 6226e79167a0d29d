import {join} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {WorkerMode} from '../model/protocol.ts'
import type {Target} from './target.ts'

export interface TrustRequest {
  target: Target
  mode: WorkerMode
  root: string
  /** Whether the person said that the project may. */
  trusted: boolean
}

/**
 * Sees to it that a project's own words for a compiler's environment act only in a trusted project.
 * @throws UserError PROJECT_NOT_TRUSTED
 */
export function checkTrust({target: {definition, settings}, mode, root, trusted}: TrustRequest): void {
  const names = Object.keys(settings?.environment ?? {})
  if (trusted || names.length === 0) return
  const {name} = definition
  throw new UserError({
    code: 'PROJECT_NOT_TRUSTED',
    message: `the project is not trusted to set ${names.join(', ')} for ${name} (set by ${join(root, 'tool.json')}, ${mode}.${name}.environment)`,
    hint: 'take "environment" out of tool.json, and set the variables in your shell instead',
    exitCode: Exit.badPin,
  })
}
