import type {Context} from '../base/context.ts'
import {logFolder} from '../supervisor/log-record.ts'
import {isSuperviseFile} from './supervise-file.ts'

/**
 * The folder of what workers said, of a project or of a file of `tool supervise`; undefined where that file says that
 * nothing is kept.
 * @throws UserError SUPERVISE_FILE_INVALID
 */
export async function keptLogFolder(context: Context, root: string): Promise<string | undefined> {
  if (!isSuperviseFile(root)) return logFolder(context.layout, root)
  // The schema library is slow to load.
  const {keptLogs} = await import('../supervise/kept-logs.ts')
  return keptLogs(context, root)
}
