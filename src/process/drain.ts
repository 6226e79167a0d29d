import type {Readable} from 'node:stream'

/** Nothing was printed for this long after the exit: what a process printed was read. */
const quiet = 50
/** A grandchild that holds the pipe and goes on printing is listened to no longer than this. */
const patience = 1000

/**
 * Resolves when all that a process printed before its exit was read: at the streams' end, or, where a grandchild
 * holds the pipe open, when nothing more comes. Never waits for the grandchild itself.
 */
export function drained(streams: readonly Readable[]): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>()
  const open = new Set(streams.filter(stream => !stream.readableEnded && !stream.destroyed))
  const started = Date.now()
  let heard = false
  let timer: NodeJS.Timeout | undefined

  const finish = () => {
    clearTimeout(timer)
    for (const stream of streams) stream.off('data', hear)
    resolve()
  }
  const hear = () => {
    heard = true
  }
  // A loaded process runs its timers late, with data still unread; only the turn after the reading can tell silence.
  const look = () => setImmediate(judge)
  const judge = () => {
    if (!heard || Date.now() - started >= patience) return finish()
    heard = false
    timer = setTimeout(look, quiet)
  }

  for (const stream of open) {
    stream.on('data', hear)
    stream.once('close', () => {
      open.delete(stream)
      if (open.size === 0) finish()
    })
  }
  if (open.size === 0) finish()
  else timer = setTimeout(look, quiet)
  return promise
}
