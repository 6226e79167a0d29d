import type {Context} from '../base/context.ts'
import {makeDirectory} from '../base/files.ts'
import {acquireLock, type LockOptions} from '../process/lock.ts'
import {storeError} from './errors.ts'

/**
 * The right to add or remove one version. Who holds it must look again at what is there.
 * @throws UserError HOME_NOT_A_DIRECTORY, DISK_FULL, PERMISSION_DENIED, READ_ONLY; the signal's reason
 */
export async function lockVersion(
  context: Context,
  toolchain: string,
  version: string,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  try {
    const path = context.layout.lock(`${toolchain}@${version}`)
    makeDirectory(context.layout.locks)
    return await acquireLock(path, {signal: context.signal, ...options})
  } catch (error) {
    throw storeError(error, context.layout)
  }
}
