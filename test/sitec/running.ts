import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'

/** A program that goes on, and what it has printed so far. */
export interface Running extends AsyncDisposable {
  process: ChildProcess
  /** Resolves with the match when what was printed there fits; rejects if the program ends without. */
  says(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with its exit code. */
  exited: Promise<number | null>
}

export function run(program: string, args: readonly string[], options: {cwd: string; env?: object}): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: {PATH: process.env.PATH, ...options.env},
  })
  const printed = {stdout: '', stderr: ''}
  const checks = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', text => {
      printed[stream] += text
      for (const check of checks) check()
    })
  }
  const exited = once(child, 'close').then(([code]) => code)
  return {
    process: child,
    exited,
    says: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(printed[stream])
          if (match === null) return
          checks.delete(check)
          resolve(match)
        }
        checks.add(check)
        check()
        exited.then(code => reject(new Error(`it ended with ${code}: ${printed.stderr}`)))
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
