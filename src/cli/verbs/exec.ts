import {execNeeds, needsMore, planExec} from '../../house/exec.ts'
import {linkForShims} from '../../install/link-for-shims.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {become} from '../become.ts'
import {execRequest} from '../exec-words.ts'
import {rememberThisProject} from '../remember-project.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool exec COMMAND…`, where everything is there: nothing must be installed, and no program asked for its version. */
export async function exec({context, words, flags, self}: Call): Promise<Shown | undefined> {
  const definitions = await loadDefinitions(context)
  const request = execRequest(context, definitions, words, flags.toolchain)
  const needs = execNeeds(context, definitions, request)
  if (needsMore(needs)) return undefined
  const plan = planExec(context, definitions, request, needs.resolved)
  await linkForShims(context, plan.resolved)
  await rememberThisProject(context, definitions)
  await become(plan, self)
  return {running: true}
}
