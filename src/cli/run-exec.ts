import type {Context} from '../base/context.ts'
import {planExec} from '../house/exec.ts'
import {readyForExec} from '../house/ready.ts'
import {linkForShims} from '../install/link-for-shims.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {become, restoreBlocking} from './become.ts'
import {execRequest} from './exec-words.ts'
import {rememberThisProject} from './remember-project.ts'
import type {Self} from './self.ts'
import {withProgress} from './with-progress.ts'

export interface ExecOptions {
  install: boolean
  quiet: boolean
  toolchain: string | undefined
  self: Self
}

/**
 * `tool exec`: installs what is missing, then becomes the command.
 * @throws UserError those of `execRequest`, `readyForExec` and `planExec`
 */
export async function runExec(
  context: Context,
  words: readonly string[],
  {install, quiet, toolchain, self}: ExecOptions,
): Promise<void> {
  const definitions = await loadDefinitions(context)
  const request = execRequest(context, definitions, words, toolchain)
  const resolved = await withProgress(context, quiet, options =>
    readyForExec(context, definitions, request, {...options, install}),
  )
  const plan = planExec(context, definitions, request, resolved)
  await linkForShims(context, plan.resolved)
  await rememberThisProject(context, definitions)
  restoreBlocking()
  await become(plan, self)
}
