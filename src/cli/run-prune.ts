import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {type PrunePlan, planPrune, prune} from '../house/prune.ts'
import {forgetAway} from '../store/projects.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {agree} from './agree.ts'
import {renderBytes} from './render/bytes.ts'
import {renderRemovals} from './render/prune.ts'

export interface PruneOptions {
  dryRun: boolean
  /** Removes although somebody may need what goes. */
  force: boolean
  yes: boolean
  json: boolean
}

/**
 * `tool prune`: asks before it removes a version.
 * @throws UserError CONFIRMATION_NEEDED, PRUNE_UNSURE, and those of `prune`
 */
export async function runPrune(
  context: Context,
  {dryRun, force, yes, json}: PruneOptions,
): Promise<PrunePlan> {
  const definitions = await loadDefinitions(context)
  const plan = await planPrune(context, definitions)
  if (!dryRun && !force && plan.remove.length > 0 && plan.unsure.length > 0) throw unsure(plan)
  for (const {why} of plan.unsure) context.log.warning(why)
  if (dryRun) return plan
  if (plan.remove.length > 0 && !yes) {
    const question = `Remove ${count(plan)}?`
    await agree(context, {about: renderRemovals(plan), question, refusal: needsYes(plan)}, {json})
  }
  await prune(context, definitions, plan)
  // Who was told of them, and went on, is not to be told each time.
  if (force) await forgetAway(context)
  return plan
}

function unsure(plan: PrunePlan): UserError {
  return new UserError({
    code: 'PRUNE_UNSURE',
    message: `${count(plan)} might be needed: ${plan.unsure.map(({why}) => why).join('; ')}`,
    hint: 'mend what is named; to look first: tool prune --dry-run; to remove them all the same: tool prune --force',
    exitCode: Exit.badPin,
  })
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
