import type {Context} from '../base/context.ts'
import {missingFor, planExec} from '../house/exec.ts'
import {linkForShims} from '../install/link-for-shims.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {become, restoreBlocking} from './become.ts'
import {execRequest} from './exec-words.ts'
import {installPins} from './install-pins.ts'
import {rememberThisProject} from './remember-project.ts'

/**
 * `tool exec`: installs what is missing, then becomes the command.
 * @throws UserError those of `execRequest`, `installPins` and `planExec`
 */
export async function runExec(
  context: Context,
  words: readonly string[],
  {install, quiet}: {install: boolean; quiet: boolean},
): Promise<void> {
  const request = execRequest(context, words)
  const definitions = await loadDefinitions(context)
  const missing = install ? missingFor(context, definitions, request) : []
  if (missing.length > 0) await installPins(context, definitions, missing, {quiet})
  const plan = planExec(context, definitions, request)
  await linkForShims(context, plan.resolved)
  await rememberThisProject(context, definitions)
  restoreBlocking()
  become(plan)
}
