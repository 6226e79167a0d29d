import type {Context} from '../base/context.ts'
import type {InstallAllOptions} from '../install/install-all.ts'
import {installProgress} from './install-progress.ts'

/** Does work that may install something, with progress on stderr. */
export async function withProgress<T>(
  context: Context,
  quiet: boolean,
  work: (options: Pick<InstallAllOptions, 'progress'>) => Promise<T>,
): Promise<T> {
  const {progress, stop} = installProgress(context, quiet)
  try {
    return await work({progress})
  } finally {
    stop()
  }
}
