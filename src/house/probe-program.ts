import type {Context} from '../base/context.ts'
import {signalGroup, stopGroup} from '../process/group.ts'
import {spawnGroup} from '../process/spawn.ts'

/** What a program said, and how it ended. */
export interface Probed {
  output: string
  /** Why it ended otherwise than with exit code 0; undefined where it did not. */
  failure?: string
}

/** Ms. */
const timeout = 20_000
/** Characters that are kept. */
const most = 64 * 1024

/** Runs a program to its end, which comes within a limit: nothing of it is left. */
export async function probeProgram(
  {env, signal}: Context,
  {file, args, cwd}: {file: string; args: readonly string[]; cwd: string},
): Promise<Probed> {
  let output = ''
  const onLine = (_: string, line: string) => {
    if (output.length < most) output += `${line}\n`
  }
  const own = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
  const group = await spawnGroup({
    file,
    args,
    cwd,
    env: {...own, NO_COLOR: '1'},
    stdin: 'none',
    onLine,
  })
  const kill = () => void signalGroup(group.pid, 'SIGKILL')
  limit.addEventListener('abort', kill, {once: true})
  try {
    const {code, signal: by} = await group.exited
    signal.throwIfAborted()
    if (limit.aborted) return {output, failure: `it did not end within ${timeout / 1000} s`}
    return code === 0
      ? {output}
      : {output, failure: by === null ? `it exited with ${code}` : `it ended by ${by}`}
  } finally {
    limit.removeEventListener('abort', kill)
    await stopGroup(group, AbortSignal.abort())
  }
}
