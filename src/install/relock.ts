import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Project} from '../pin/project.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {type LockOptions, lock} from './lock.ts'

/**
 * Brings the lock files that a project has in line with pins that were changed just now. It makes none, and what it
 * can't find out without a network is left to `tool lock`, which the log says.
 * @throws UserError as `lock`, but for NETWORK_*
 */
export async function relock(
  context: Context,
  definitions: Definitions,
  project: Project,
  options: Pick<LockOptions, 'upgrade' | 'network'> = {},
): Promise<void> {
  if (context.frozen) return
  try {
    await lock(context, definitions, project, {...options, onlyExisting: true, verify: false})
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof UserError) || error.exitCode !== Exit.network) throw error
    context.log.warning(`the lock file is behind the pins, until tool lock is run: ${error.message}`)
  }
}
