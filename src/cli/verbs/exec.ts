import {missingFor, planExec} from '../../house/exec.ts'
import {linkForShims} from '../../install/link-for-shims.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {become} from '../become.ts'
import {execRequest} from '../exec-words.ts'
import {rememberThisProject} from '../remember-project.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool exec COMMAND…`, where nothing must be installed first. */
export async function exec({context, words, flags}: Call): Promise<Shown | undefined> {
  const definitions = await loadDefinitions(context)
  const request = execRequest(context, words)
  if (flags.install !== false && missingFor(context, definitions, request).length > 0) return undefined
  const plan = planExec(context, definitions, request)
  await linkForShims(context, plan.resolved)
  await rememberThisProject(context, definitions)
  become(plan)
  return {running: true}
}
