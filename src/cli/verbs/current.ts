import {current as find} from '../../house/current.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {rememberThisProject} from '../remember-project.ts'
import {renderCurrent} from '../render/current.ts'
import {tellEngines} from '../tell-engines.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool current` */
export async function current({context, flags}: Call): Promise<Shown> {
  const definitions = await loadDefinitions(context)
  const pins = find(context, definitions)
  await rememberThisProject(context, definitions)
  if (pins.length === 0 && !flags.json) context.log.info('nothing is pinned here')
  if (!flags.json) tellEngines(context, definitions, pins)
  return {text: renderCurrent(pins, context, {verbose: flags.verbose === true}), result: pins}
}
