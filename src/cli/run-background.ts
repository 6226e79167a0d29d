import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {createLogger} from '../base/log.ts'
import {appendBounded} from '../process/append-bounded.ts'
import type {StartMessage} from '../session/detach.ts'
import {Interrupted} from './interrupt.ts'
import {logLevel} from './process-context.ts'
import {reportOf} from './render-error.ts'
import {runServe} from './run-serve.ts'
import {runWatch} from './run-watch.ts'
import type {BackgroundCommand, BackgroundPart} from './session-command.ts'

/** Its stderr is a file, of which so many bytes are kept. */
const maxLogSize = 1_000_000

/**
 * Serves or watches in the background for the process that started this one: until all is ready it hears what a person would
 * have read, and if it goes away before, so does this.
 * @param words a `BackgroundCommand` in JSON
 * @throws UserError BACKGROUND_BY_HAND; what serving or watching throws, told to that process too
 */
export async function runBackground(
  context: Context,
  words: string,
  {release, verbose}: {verbose: boolean; release: string},
): Promise<void> {
  const channel = openChannel()
  const {mode, host, port, ...command}: BackgroundCommand = JSON.parse(words)
  const own = createLogger(logLevel({verbose}, context.env.TOOL_LOG), (line, level) =>
    appendBounded(process.stderr.fd, `${new Date().toISOString()} ${level} ${line}\n`, maxLogSize),
  )
  context.log = createLogger('debug', (text, level) => {
    own[level](text)
    channel.send({kind: 'log', level, text})
  })
  try {
    const background: BackgroundPart = {
      write: (kind, text) => channel.send({kind, text}),
      onReady: () => channel.close({kind: 'ready'}),
    }
    const common = {...command, release, verbose, quiet: true, background}
    await (mode === 'watch' ? runWatch(context, common) : runServe(context, {...common, host, port}))
  } catch (error) {
    // Open, the channel would keep this process.
    channel.close(error instanceof Interrupted ? undefined : {kind: 'failed', ...reportOf(error)})
    throw error
  }
}

interface Channel {
  /** Does nothing once the channel is closed. */
  send(message: StartMessage): void
  /** Sends the last message, if there is one. */
  close(message?: StartMessage): void
}

function openChannel(): Channel {
  if (process.send === undefined) throw byHand()
  // Nobody waits any more.
  const onGone = () => {
    // To Windows, SIGTERM is an end without a chance to end anything before.
    if (process.platform === 'win32') process.emit('SIGTERM', 'SIGTERM')
    else process.kill(process.pid, 'SIGTERM')
  }
  process.once('disconnect', onGone)
  const send = (message: StartMessage) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {})
  }
  return {
    send,
    close(message) {
      process.off('disconnect', onGone)
      if (message) send(message)
      if (process.connected) process.disconnect?.()
    },
  }
}

function byHand(): UserError {
  return new UserError({
    code: 'BACKGROUND_BY_HAND',
    message: 'tool background is started by --detach alone',
    hint: 'tool serve --detach',
    exitCode: Exit.usage,
  })
}
