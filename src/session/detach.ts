import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, type ExitCode, errnoOf, UserError} from '../base/errors.ts'
import type {LogLevel} from '../base/log.ts'
import {ownEnvironment} from '../driver/environment.ts'
import {spawnDetached} from '../process/detached.ts'
import {readRecord} from '../supervisor/control-record.ts'
import {logFolder, supervisorLog} from '../supervisor/log-record.ts'
import {joinSession} from './join.ts'
import type {JoinRequest, SessionListener} from './types.ts'

/** What the program that runs in the background tells the one that started it, until all is ready. */
export type StartMessage =
  /** For stdout or stderr. */
  {kind: 'out' | 'err'; text: string} | {kind: 'log'; level: LogLevel; text: string} | StartEnd

/** The last message. */
type StartEnd =
  | {kind: 'ready'}
  | {kind: 'failed'; error: {code: string; message: string; hint?: string}; exitCode: number}

export interface DetachRequest extends Omit<JoinRequest, 'stay'> {
  /** Words behind `tool` with which it runs in the background, and sends `StartMessage`s. */
  command: readonly string[]
  /** Writes what it has to say. */
  write(stream: 'out' | 'err', text: string): void
}

/** Where the supervisor of a project in the background writes what it can tell nobody. */
function backgroundLog({layout}: Pick<Context, 'layout'>, root: string): string {
  return join(logFolder(layout, root), supervisorLog)
}

/**
 * Has what is asked for run in the background, and resolves when all of it is ready: in the session of the project that
 * runs already, or in one of its own.
 * @throws UserError those of `joinSession`, of what is asked for, BACKGROUND_ENDED; the signal's reason, after what was
 *   started is gone
 */
export async function runDetached(
  context: Context,
  {command, write, ...join}: DetachRequest,
  listener: SessionListener,
): Promise<'started' | 'joined' | 'joined-foreground'> {
  const {root} = join
  const joined = await joinSession(context, {...join, stay: true}, listener)
  if (joined === undefined) {
    await startInBackground(context, root, command, write)
    return 'started'
  }
  await joined.stop()
  return readRecord(context.layout, root)?.detached ? 'joined' : 'joined-foreground'
}

async function startInBackground(
  context: Context,
  root: string,
  command: readonly string[],
  write: DetachRequest['write'],
): Promise<void> {
  const {log, signal, cwd, runtime, packageRoot} = context
  signal.throwIfAborted()
  const output = backgroundLog(context, root)
  let end: StartEnd | undefined
  const take = (message: StartMessage) => {
    if (message.kind === 'log') log[message.level](message.text)
    else if ('text' in message) write(message.kind, message.text)
    else end = message
  }
  const child = spawnDetached({
    file: runtime,
    args: [join(packageRoot, 'bin', 'tool.cjs'), ...command],
    cwd,
    env: ownEnvironment(context.env),
    output,
    // It is this very program.
    onMessage: message => take(message as StartMessage),
  })
  const aborted = Promise.withResolvers<void>()
  const onAbort = () => aborted.resolve()
  signal.addEventListener('abort', onAbort, {once: true})
  try {
    await Promise.race([child.disconnected, aborted.promise])
  } catch (error) {
    throw ended(root, output, `it can't be started (${errnoOf(error)})`)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  if (end?.kind === 'ready') return
  if (signal.aborted) await child.stop()
  signal.throwIfAborted()
  throw end ? startFailed(end) : ended(root, output, 'it ended before all was ready')
}

function startFailed({error, exitCode}: Extract<StartEnd, {kind: 'failed'}>): Error {
  return exitCode === Exit.bug
    ? new Error(error.message)
    : new UserError({...error, exitCode: exitCode as ExitCode})
}

function ended(root: string, output: string, why: string): UserError {
  return new UserError({
    code: 'BACKGROUND_ENDED',
    message: `nothing runs in the background for ${root}: ${why}`,
    hint: `see what it wrote: ${output}, or start it in the foreground, without --detach`,
    exitCode: Exit.workerFailed,
  })
}
