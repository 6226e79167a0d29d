import type {Context} from '../base/context.ts'
import {shimsHint} from '../house/shims-hint.ts'
import type {InstallAllOptions} from '../install/install-all.ts'
import {installProgress} from './install-progress.ts'

/** Does work that may install something, with progress on stderr; after the first install it says how to get at the shims. */
export async function withProgress<T>(
  context: Context,
  quiet: boolean,
  work: (options: Pick<InstallAllOptions, 'progress'>) => Promise<T>,
): Promise<T> {
  const {progress, stop} = await installProgress(context, quiet)
  const done = await work({progress}).finally(stop)
  const hint = quiet ? undefined : shimsHint(context)
  if (hint !== undefined) context.log.info(hint)
  return done
}
