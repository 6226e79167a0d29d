import type {Readable, Writable} from 'node:stream'
import {execa} from 'execa'
import {batchLine, isBatchFile} from './batch-line.ts'
import {drained} from './drain.ts'
import type {ProcessGroup} from './group.ts'
import {splitLines} from './lines.ts'

export interface SpawnOptions {
  file: string
  args: readonly string[]
  cwd: string
  /** The whole environment. */
  env: Readonly<Record<string, string>>
  /**
   * `none`: nothing, at its end from the start. `open`: nothing, but not at its end, for programs that take that for
   * a wish to stop. A stream: what comes from there.
   */
  stdin: 'none' | 'open' | Readable
  /** Called for every line, without its end, escape sequences kept. See `splitLines` for very long ones. */
  onLine(stream: 'stdout' | 'stderr', text: string): void
}

/** Its leader is the leader of a session, too. */
export interface SpawnedGroup extends ProcessGroup {
  /** Resolves after the process ended and all that it printed was handed to `onLine`. Never rejects. */
  readonly exited: Promise<{code: number | null; signal: string | null}>
}

/**
 * Starts a program in its own process group. Its output is cut into lines as it comes and never kept.
 * @throws the system's error (`ENOENT`, `EACCES`, …) where it can't be started; UserError COMMAND_NOT_EXECUTABLE for a batch
 *   file with an argument that it can't be given
 */
export async function spawnGroup({file, args, cwd, env, stdin, onLine}: SpawnOptions): Promise<SpawnedGroup> {
  const isBatch = isBatchFile(file)
  const line = isBatch ? batchLine(file, args, env) : {file, args}
  const began = Date.now()
  const subprocess = execa(line.file, line.args, {
    cwd,
    env,
    extendEnv: false,
    // Windows ends a child with the process that started it, unless it is detached; and one with a window of its own that
    // nobody sees does not get the Ctrl-C of ours.
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: isBatch,
    cleanup: false,
    buffer: false,
    reject: false,
    // The terminal itself is never handed on. In its own session a program would read it past all job control: it
    // would take keys meant for us or for the shell, and could leave it in raw mode when killed. It gets a pipe.
    stdin: stdin === 'none' ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const {pid, stdout, stderr, stdin: input, nodeChildProcess} = subprocess
  if (pid === undefined) {
    const {cause} = await subprocess
    throw cause instanceof Error ? cause : new Error(`${file} could not be started`)
  }
  const exit = Promise.withResolvers<{code: number | null; signal: string | null}>()
  nodeChildProcess.once('exit', (code, signal) => exit.resolve({code, signal}))
  const ends = [
    deliver(stdout, line => onLine('stdout', line)),
    deliver(stderr, line => onLine('stderr', line)),
  ]
  const unplug = input === null ? () => {} : feed(input, stdin)

  const settle = async () => {
    const ended = await exit.promise
    unplug()
    await drained([stdout, stderr])
    for (const end of ends) end()
    return ended
  }
  return {pid, began, exited: settle()}
}

/** Hands on each line; the function it returns hands on the unfinished last one and lets go of the pipe. */
function deliver(stream: Readable, emit: (line: string) => void): () => void {
  const lines = splitLines(emit)
  stream.on('data', lines.write)
  stream.on('error', () => {})
  return () => {
    stream.off('data', lines.write)
    lines.end()
    stream.destroy()
  }
}

function feed(input: Writable, source: 'none' | 'open' | Readable): () => void {
  // A program that reads no more of it is no error.
  input.on('error', () => {})
  // The end of our own input ends no server: under CI or nohup there is nothing on it from the start.
  if (typeof source !== 'string') source.pipe(input, {end: false})
  return () => {
    if (typeof source !== 'string') source.unpipe(input)
    input.destroy()
  }
}
