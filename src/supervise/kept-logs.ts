import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {logFolder} from '../supervisor/log-record.ts'
import {logSettings} from './plan.ts'
import {readSuperviseFile} from './read-file.ts'

/**
 * The folder of what the tasks of a file said; undefined where the file says that nothing is kept.
 * @throws UserError SUPERVISE_FILE_MISSING, SUPERVISE_FILE_INVALID
 */
export async function keptLogs({layout, env}: Context, path: string): Promise<string | undefined> {
  const {file} = await readSuperviseFile(path, env)
  const settings = logSettings(file.logs, dirname(path))
  return settings && (settings.directory ?? logFolder(layout, path))
}
