import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {diskErrorOutside, readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {projectId} from '../base/layout.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {readLock} from '../pin/lock-file.ts'
import type {LockEntry, LockFile} from '../pin/lock-types.ts'
import {printLock} from '../pin/print-lock.ts'
import {exclusively} from '../process/exclusively.ts'

/**
 * Changes a lock file, or makes it: `change` gets the entries that are there at that moment. Of several who do so at once
 * each sees what the others wrote.
 * @returns whether the file is another than before
 * @throws UserError LOCK_INVALID, PERMISSION_DENIED, READ_ONLY, DISK_FULL; what `change` throws
 */
export async function writeLock(
  context: Context,
  path: string,
  change: (entries: readonly LockEntry[]) => readonly LockEntry[],
): Promise<boolean> {
  await using _lock = await exclusively(context, path, () => `lock-file-${projectId(dirname(path))}`)
  const before: LockFile | undefined = readLock(path, context)
  const entries = change(before?.entries ?? [])
  const text = printLock(entries, before?.end)
  // One that is a link stays one.
  const file = realPathIfAny(path) ?? path
  try {
    if (before ? readTextIfAny(file) === text : entries.length === 0) return false
    writeFileAtomic(file, text)
    return true
  } catch (error) {
    throw diskErrorOutside(error, file)
  }
}
