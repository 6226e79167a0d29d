import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {createLogger} from '../base/log.ts'
import type {StartMessage} from '../session/detach.ts'
import {Interrupted} from './interrupt.ts'
import {reportOf} from './render-error.ts'
import {runServe, type ServeCommand} from './run-serve.ts'

/** What `tool serve --detach` hands to the process that goes on. */
type BackgroundCommand = Pick<
  ServeCommand,
  'args' | 'host' | 'port' | 'toolchain' | 'json' | 'color' | 'install'
>

/**
 * Serves in the background for the process that started this one: until all servers listen it hears what a person would
 * have read, and if it goes away before, so does this.
 * @param words a `BackgroundCommand` in JSON
 * @throws UserError BACKGROUND_BY_HAND; what serving throws, told to that process too
 */
export async function runBackground(
  context: Context,
  words: string,
  own: Pick<ServeCommand, 'verbose' | 'release'>,
): Promise<void> {
  const channel = openChannel()
  const command: BackgroundCommand = JSON.parse(words)
  const {log} = context
  context.log = createLogger('debug', (text, level) => {
    log[level](text)
    channel.send({kind: 'log', level, text})
  })
  try {
    await runServe(context, {
      ...command,
      ...own,
      quiet: true,
      background: {
        write: (kind, text) => channel.send({kind, text}),
        onServing: () => channel.close({kind: 'ready'}),
      },
    })
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
    message: 'tool background is started by tool serve --detach alone',
    hint: 'tool serve --detach',
    exitCode: Exit.usage,
  })
}
