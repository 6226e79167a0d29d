import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {packageRoot} from './sandbox.ts'

export interface Program extends AsyncDisposable {
  process: ChildProcess
  /** What it printed so far. */
  stdout: string
  stderr: string
  /** Resolves with how it ended, after all that it printed. */
  ended: Promise<{code: number | null; signal: string | null}>
}

interface ProgramOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Of whom it is, if not of who runs the tests. */
  uid?: number
}

/** Starts a program of fixtures/programs with this Node. It is killed at the end of the scope. */
export function startProgram(
  name: string,
  args: string[] = [],
  {cwd, env = process.env, uid}: ProgramOptions = {},
): Program {
  const child = spawn(process.execPath, [join(packageRoot, 'fixtures/programs', name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    env,
    ...(uid !== undefined && {uid, gid: uid}),
  })
  const program: Program = {
    process: child,
    stdout: '',
    stderr: '',
    ended: once(child, 'close').then(([code, signal]) => ({code, signal})),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await program.ended
    },
  }
  child.stdout.setEncoding('utf8').on('data', text => {
    program.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    program.stderr += text
  })
  return program
}
