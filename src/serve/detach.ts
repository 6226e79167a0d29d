import {join} from 'node:path'
import type {Context, Environment} from '../base/context.ts'
import {Exit, type ExitCode, errnoOf, UserError} from '../base/errors.ts'
import type {LogLevel} from '../base/log.ts'
import {spawnDetached} from '../process/detached.ts'
import {readRecord} from '../supervisor/control-record.ts'
import {logFolder, supervisorLog} from '../supervisor/log-record.ts'
import {attach} from './attach.ts'
import {planServers} from './plan.ts'
import type {ServeListener, ServeRequest} from './types.ts'

/** What the program that serves in the background tells the one that started it, until all servers listen. */
export type StartMessage =
  /** For stdout or stderr. */
  {kind: 'out' | 'err'; text: string} | {kind: 'log'; level: LogLevel; text: string} | StartEnd

/** The last message. */
type StartEnd =
  | {kind: 'serving'}
  | {kind: 'failed'; error: {code: string; message: string; hint?: string}; exitCode: number}

export interface DetachRequest {
  request: ServeRequest
  /** Words behind `tool` with which it serves in the background, and sends `StartMessage`s. */
  command: readonly string[]
  /** Writes what it has to say. */
  write(stream: 'out' | 'err', text: string): void
}

/** Where the supervisor of a project in the background writes what it can tell nobody. */
function backgroundLog({layout}: Pick<Context, 'layout'>, root: string): string {
  return join(logFolder(layout, root), supervisorLog)
}

/**
 * Has the servers of a project run in the background, and resolves when all of them listen. If the project is served
 * already, it says where, and leaves it at that.
 * @throws UserError those of `serve`, BACKGROUND_ENDED; the signal's reason, after what was started is gone
 */
export async function serveDetached(
  context: Context,
  {request, command, write}: DetachRequest,
  listener: ServeListener,
): Promise<'started' | 'joined' | 'joined-foreground'> {
  const {root} = request
  const wanted = planServers(request, context).map(({spec}) => spec.label)
  const joined = await attach(context, request, wanted, listener)
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
    env: environmentOfItsOwn(context.env),
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
  if (end?.kind === 'serving') return
  if (signal.aborted) await child.stop()
  signal.throwIfAborted()
  throw end ? startFailed(end) : ended(root, output, 'it ended before its servers listened')
}

/** What this process itself got from a supervisor above it is not meant for what outlives it. */
function environmentOfItsOwn(env: Environment): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !fromAbove.has(name)) own[name] = value
  return own
}

const fromAbove: ReadonlySet<string> = new Set([
  'TOOL_IPC',
  'TOOL_WORKER_ID',
  'TOOL_WORKER_TOKEN',
  'TOOL_SUPERVISORS',
])

function startFailed({error, exitCode}: Extract<StartEnd, {kind: 'failed'}>): Error {
  return exitCode === Exit.bug
    ? new Error(error.message)
    : new UserError({...error, exitCode: exitCode as ExitCode})
}

function ended(root: string, output: string, why: string): UserError {
  return new UserError({
    code: 'BACKGROUND_ENDED',
    message: `the servers of ${root} don't run in the background: ${why}`,
    hint: `see what it wrote: ${output}, or start it in the foreground: tool serve`,
    exitCode: Exit.workerFailed,
  })
}
