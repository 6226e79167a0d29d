import type {Context} from '../base/context.ts'
import {joinSession} from '../session/join.ts'
import {followLogs, openLogs} from '../supervisor/log-reader.ts'
import {type LogRecord, logFolder} from '../supervisor/log-record.ts'
import {attachOutput} from './attach-output.ts'
import {keptLogFolder} from './kept-log-folder.ts'
import {notServed} from './not-served.ts'
import {renderLine} from './render/log-line.ts'
import {servedProject} from './served-project.ts'
import {isSuperviseFile} from './supervise-file.ts'
import {usesColor} from './terminal.ts'
import {terminalWriter} from './terminal-writer.ts'

/**
 * `tool attach`: what `tool serve --verbose` and `tool watch` show in their own terminal, of what somebody else started, until
 * that ends.
 * @throws UserError NO_PROJECT, NOT_SERVED, SUPERVISOR_NOT_ANSWERING; the signal's reason, with the servers left alone
 */
export async function runAttach(
  context: Context,
  {json, file}: {json: boolean; file?: string | undefined},
): Promise<void> {
  const {layout, cwd, env, log, signal} = context
  const {root} = await servedProject(context, file)
  const color = usesColor(process.stderr, env)
  const terminal = terminalWriter(json)
  const write = (text: string) => terminal('out', text)
  const writeError = (text: string) => terminal('err', text)
  const output = attachOutput({cwd, color, json, write, writeError})
  // What was said before is for tool logs.
  using reader = openLogs((await keptLogFolder(context, root)) ?? logFolder(layout, root), {last: 0})
  reader.next()
  const over = Promise.withResolvers<void>()
  const show = (records: LogRecord[]) =>
    writeError(
      records
        .filter(({label, stream}) => {
          // Of what becomes of workers the events tell, and of what watchers find.
          if (stream === 'tool') return false
          const isWatcher = !isSuperviseFile(root) && label.endsWith('.watch')
          return !isWatcher || (stream !== 'out' && stream !== 'err')
        })
        .map(record => renderLine(record, color))
        .join(''),
    )
  const lines = followLogs(reader, show, {ended: over.promise, signal})
  // It is awaited below, also where attaching fails.
  lines.catch(() => {})
  try {
    await using attached = await joinSession(context, {root}, output)
    if (attached === undefined) throw notServed(root, 'worker', undefined, [])
    await attached.ended
  } finally {
    over.resolve()
    await lines.catch(() => {})
  }
  signal.throwIfAborted()

  log.info('all that ran has ended')
}
