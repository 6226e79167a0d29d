import {execNeeds, isIncomplete, planExec} from '../../house/exec.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {become} from '../become.ts'
import {execRequest} from '../exec-words.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool exec COMMAND…`, where everything is there: nothing must be installed, and no program asked for its version. */
export async function exec({context, words, flags}: Call): Promise<Shown | undefined> {
  const definitions = await loadDefinitions(context)
  const request = execRequest(context, words, flags.toolchain)
  const needs = execNeeds(context, definitions, request)
  if (isIncomplete(needs)) return undefined
  become(planExec(context, definitions, request, needs.resolved))
  return {running: true}
}
