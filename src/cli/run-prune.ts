import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {type PrunePlan, planPrune, prune} from '../house/prune.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {agree} from './agree.ts'
import {renderBytes} from './render/bytes.ts'
import {renderRemovals} from './render/prune.ts'

export interface PruneOptions {
  dryRun: boolean
  yes: boolean
  json: boolean
}

/**
 * `tool prune`: asks before it removes a version.
 * @throws UserError CONFIRMATION_NEEDED, and those of `prune`
 */
export async function runPrune(context: Context, {dryRun, yes, json}: PruneOptions): Promise<PrunePlan> {
  const definitions = await loadDefinitions(context)
  const plan = await planPrune(context, definitions)
  if (dryRun) return plan
  if (plan.remove.length > 0 && !yes) {
    const question = `Remove ${count(plan)}?`
    await agree(context, {about: renderRemovals(plan), question, refusal: needsYes(plan)}, {json})
  }
  await prune(context, definitions, plan)
  return plan
}

const count = ({remove, bytes}: PrunePlan) =>
  `${remove.length} ${remove.length === 1 ? 'version' : 'versions'} (${renderBytes(bytes)})`

function needsYes(plan: PrunePlan): UserError {
  return new UserError({
    code: 'CONFIRMATION_NEEDED',
    message: `${count(plan)} would be removed, and nobody can be asked here`,
    hint: 'add --yes; to look first: tool prune --dry-run',
    exitCode: Exit.usage,
  })
}
