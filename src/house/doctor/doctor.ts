import type {Context} from '../../base/context.ts'
import {messageOf, UserError} from '../../base/errors.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import type {Checked} from './checked.ts'
import {checkClock} from './clock.ts'
import {checkConfig} from './config.ts'
import {type Finding, problem, warning} from './finding.ts'
import {checkHomes} from './homes.ts'
import {checkLinks} from './links.ts'
import {checkNetwork} from './network.ts'
import {checkPath} from './path.ts'
import {checkPermissions} from './permissions.ts'
import {checkPins} from './pins.ts'
import {checkRuntime} from './runtime.ts'
import {checkShims} from './shims.ts'
import {checkVersions} from './versions.ts'

type Check = (checked: Checked) => Finding[] | Promise<Finding[]>

/** In the order of the report. */
const checks: Readonly<Record<string, Check>> = {
  runtime: checkRuntime,
  homes: checkHomes,
  permissions: checkPermissions,
  config: checkConfig,
  path: checkPath,
  shims: checkShims,
  links: checkLinks,
  versions: checkVersions,
  pins: checkPins,
  clock: checkClock,
  network: checkNetwork,
}

/** Ms after which a check is given up: its limits for the network are shorter. */
const patience = 10_000

/** Looks for everything that is known to go wrong. Neither rejects nor hangs, whatever state the home is in. */
export async function examine(context: Context): Promise<Finding[]> {
  const definitions = await loadDefinitions(context).catch(() => undefined)
  const found = await Promise.all(
    Object.entries(checks).map(([id, check]) => safely(id, context, () => check({context, definitions}))),
  )
  return distinct(found.flat())
}

/** A home that is a file is in the way of many checks, and is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const titles = new Set<string>()
  return findings.filter(({title}) => !titles.has(title) && titles.add(title))
}

/** Nobody knows whether all is well there. */
function tooLong(id: string): Finding {
  return warning(
    id,
    `${id}: not checked, it took too long`,
    'A disk, or the network, does not answer in time.',
    'tool doctor',
  )
}

async function safely(
  id: string,
  context: Context,
  check: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  const {promise: gaveUp, resolve} = Promise.withResolvers<Finding[]>()
  const timer = setTimeout(() => resolve([tooLong(id)]), patience)
  try {
    // Between two checks, so that none waits for another that only reads the disk.
    return await Promise.race([Promise.resolve().then(check), gaveUp])
  } catch (error) {
    context.signal.throwIfAborted()
    const hint = error instanceof UserError ? error.hint : undefined
    return [problem(id, messageOf(error), `This ended the check "${id}".`, hint ?? 'tool doctor --verbose')]
  } finally {
    clearTimeout(timer)
  }
}
