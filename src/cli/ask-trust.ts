import type {Context} from '../base/context.ts'
import type {UserError} from '../base/errors.ts'
import {actingFiles, trustFiles} from '../house/trust.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {agree} from './agree.ts'
import {renderActing} from './render/trust.ts'

/**
 * Shows what of the project would act, and asks on the terminal whether it may; then it is trusted as it is.
 * @throws the refusal where nobody can be asked; Interrupted after a no
 */
export async function askTrust(context: Context, refusal: UserError, {json = false} = {}): Promise<void> {
  const files = (await actingFiles(context, await loadDefinitions(context))).filter(
    ({state}) => state !== 'trusted',
  )
  // Another folder than the person's own is behind it: nothing that could be shown here.
  if (files.length === 0) throw refusal
  const about = `${refusal.message}\n${renderActing(files, context)}`
  await agree(context, {about, question: 'Do you trust this project?', refusal}, {json})
  await trustFiles(context, files)
}
