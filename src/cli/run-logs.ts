import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {logLabels} from '../session/keep-logs.ts'
import {tellHung} from '../session/tell-hung.ts'
import {connectControl} from '../supervisor/controller.ts'
import {followLogs, openLogs} from '../supervisor/log-reader.ts'
import type {LogRecord} from '../supervisor/log-record.ts'
import {keptLogFolder} from './kept-log-folder.ts'
import {servedProject} from './served-project.ts'
import {isSuperviseFile, placeName} from './supervise-file.ts'

export interface LogsCommand {
  toolchain: string | undefined
  /** How many of the last lines that are there. */
  lines: number
  /** Goes on with those that come, while a supervisor runs. */
  follow: boolean
}

/**
 * `tool logs`: what the servers of the project said, whether they run or have ended.
 * @param show is handed the lines, in order; more when it is done with them
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, LOGS_NOT_KEPT, SUPERVISOR_NOT_ANSWERING; the signal's reason
 */
export async function runLogs(
  context: Context,
  {toolchain: word, lines, follow}: LogsCommand,
  show: (records: LogRecord[]) => void | Promise<void>,
): Promise<void> {
  const {layout, log, signal} = context
  const {root, toolchain} = await servedProject(context, word)
  // Before the first look, so that nothing is missed of one that ends right then.
  using controller = follow ? await connectControl({layout, projectRoot: root, signal}) : undefined
  // Also who wants none is told where there are none.
  using reader = openLogs((await keptLogFolder(context, root)) ?? notKept(root), {
    labels: toolchain === undefined ? undefined : isSuperviseFile(root) ? [toolchain] : logLabels(toolchain),
    last: Math.max(1, lines),
  })
  const known = reader.next()
  if (known.length === 0 && controller === undefined)
    log.info(`nothing was said yet by ${toolchain ?? 'a server'} of ${placeName(root)}`)
  await show(lines === 0 ? [] : known.slice(-lines))
  if (!follow) return
  if (controller === undefined) {
    log.info('no server runs, so nothing more comes')
    return
  }
  const {closed} = controller
  tellHung(controller, log)
  await followLogs(reader, show, {ended: closed, signal})
}

function notKept(path: string): never {
  throw new UserError({
    code: 'LOGS_NOT_KEPT',
    message: `${path} says that what its tasks print is kept nowhere`,
    hint: 'take logs = false out of it, and supervise it again',
    exitCode: Exit.usage,
  })
}
