import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {installUpgrades, isNews, planUpgrade, type Upgrade} from '../house/upgrade.ts'
import {relock} from '../install/relock.ts'
import {findProject} from '../pin/project.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {installProgress} from './install-progress.ts'
import {pinsToUpdate} from './pins-to-update.ts'
import {rememberThisProject} from './remember-project.ts'

export interface UpgradeOptions {
  global: boolean
  /** Raises pins that don't want the newest. */
  pin: boolean
  dryRun: boolean
  quiet: boolean
}

/**
 * `tool upgrade [TOOLCHAIN…]`
 * @throws UserError UPGRADE_FROZEN, and those of `pinsToUpdate`, `planUpgrade` and `installUpgrades`
 */
export async function runUpgrade(
  context: Context,
  words: readonly string[],
  {global, pin, dryRun, quiet}: UpgradeOptions,
): Promise<Upgrade[]> {
  if (context.frozen) throw frozen()
  const definitions = await loadDefinitions(context)
  const pins = pinsToUpdate(context, definitions, words, {global})
  await rememberThisProject(context, definitions)
  const upgrades = await planUpgrade(context, definitions, pins, {pin})
  const news = upgrades.filter(isNews)
  if (dryRun || news.length === 0) return upgrades
  const {progress, stop} = await installProgress(context, quiet)
  try {
    await installUpgrades(context, definitions, news, {progress})
  } finally {
    stop()
  }
  const project = findProject(context, definitions)
  if (project && !global)
    await relock(context, definitions, project, {upgrade: news.map(({definition}) => definition.name)})
  return upgrades
}

function frozen(): UserError {
  return new UserError({
    code: 'UPGRADE_FROZEN',
    message: 'an upgrade installs what no lock file names yet, which --frozen (or TOOL_FROZEN) forbids',
    hint: 'run it without, and keep the lock file that it writes',
    exitCode: Exit.usage,
  })
}
