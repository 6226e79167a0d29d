import type {Context} from '../base/context.ts'
import {makeDirectory} from '../base/files.ts'
import {acquireLock, type LockOptions} from '../process/lock.ts'
import {storeError} from './errors.ts'
import {checkStoreSchema} from './schema.ts'

/**
 * The right to add or remove one version. Who holds it must look again at what is there.
 * @throws UserError STORE_NEWER, STORE_INVALID, HOME_NOT_A_DIRECTORY, DISK_FULL, PERMISSION_DENIED, READ_ONLY; the signal's reason
 */
export async function lockVersion(
  context: Context,
  toolchain: string,
  version: string,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  try {
    checkStoreSchema(context)
    const path = context.layout.lock(`${toolchain}@${fileName(version)}`)
    makeDirectory(context.layout.locks)
    return await acquireLock(path, {signal: context.signal, ...options})
  } catch (error) {
    throw storeError(error, context.layout)
  }
}

/** A person may have put a version there whose name leaves no room for anything behind it. */
function fileName(version: string): string {
  if (/^[\w.+-]{1,128}$/.test(version)) return version
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(version).digest('hex')
}
