import {spawn} from 'node:child_process'
import {closeSync, mkdirSync, openSync, renameSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

export interface DetachedOptions {
  file: string
  args: readonly string[]
  cwd: string
  /** The whole environment. */
  env: Readonly<Record<string, string>>
  /** Gets what the program writes to stdout and stderr, from its start on; a private file. The one before is put aside. */
  output: string
  /** Called for what the program says with `process.send`, until it disconnects. */
  onMessage(message: unknown): void
}

export interface DetachedProcess {
  /** Resolves when it disconnects or ends, after its last message. @throws the system's error where it can't be started */
  readonly disconnected: Promise<void>
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>
}

/**
 * Starts a Node program that outlives this process and its terminal: in its own session, without input, connected to us
 * only by the channel of `process.send`, until it gives that up.
 * @throws the system's error where `output` can't be written
 */
export function spawnDetached({file, args, cwd, env, output, onMessage}: DetachedOptions): DetachedProcess {
  mkdirSync(dirname(output), {recursive: true, mode: 0o700})
  putAside(output)
  // For reading, too, so that the program can keep it small; what it writes goes to the end, wherever that is by then.
  const descriptor = openSync(output, 'a+', 0o600)
  const child = spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', descriptor, descriptor, 'ipc'],
    windowsHide: true,
  })
  closeSync(descriptor)
  const ended = Promise.withResolvers<void>()
  const disconnected = Promise.withResolvers<void>()
  child.on('message', onMessage)
  child.once('disconnect', disconnected.resolve)
  child.once('exit', () => ended.resolve())
  child.once('error', error => {
    ended.resolve()
    disconnected.reject(error)
  })
  // What keeps us is the channel alone.
  child.unref()
  return {
    disconnected: disconnected.promise,
    async stop() {
      child.ref()
      // Windows has no SIGTERM but one that can't be heeded; there the end of the channel says the same.
      if (process.platform === 'win32' && child.connected) child.disconnect()
      else child.kill('SIGTERM')
      await ended.promise
    },
  }
}

/** What the one before has written may tell why it is gone. */
function putAside(path: string): void {
  try {
    if (statSync(path).size > 0) renameSync(path, `${path}.1`)
  } catch {
    // There was none.
  }
}
