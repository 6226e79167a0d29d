import type {Context} from '../base/context.ts'
import {connectControl} from '../supervisor/controller.ts'
import {followLogs, openLogs} from '../supervisor/log-reader.ts'
import {type LogRecord, logFolder} from '../supervisor/log-record.ts'
import {servedProject} from './served-project.ts'

export interface LogsCommand {
  toolchain: string | undefined
  /** How many of the last lines that are there. */
  lines: number
  /** Goes on with those that come, while a supervisor runs. */
  follow: boolean
}

/**
 * `tool logs`: what the servers of the project said, whether they run or have ended.
 * @param show is handed the lines, in order
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, SUPERVISOR_NOT_ANSWERING; the signal's reason
 */
export async function runLogs(
  context: Context,
  {toolchain: word, lines, follow}: LogsCommand,
  show: (records: LogRecord[]) => void,
): Promise<void> {
  const {layout, log, signal} = context
  const {root, toolchain} = await servedProject(context, word)
  // Before the first look, so that nothing is missed of one that ends right then.
  using controller = follow ? await connectControl({layout, projectRoot: root, signal}) : undefined
  // Also who wants none is told where there are none.
  using reader = openLogs(logFolder(layout, root), {label: toolchain, last: Math.max(1, lines)})
  const known = reader.next()
  if (known.length === 0 && controller === undefined)
    log.info(`nothing was said yet by ${toolchain ?? 'a server'} of the project in ${root}`)
  show(lines === 0 ? [] : known.slice(-lines))
  if (!follow) return
  if (controller === undefined) {
    log.info('no server runs, so nothing more comes')
    return
  }
  const {closed} = controller
  await followLogs(reader, show, {ended: closed, signal})
}
