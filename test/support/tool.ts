import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {machinePath, packageRoot} from './sandbox.ts'

const script = join(packageRoot, 'bin', 'tool.cjs')

export interface Ran {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
}

export interface ToolOptions {
  cwd: string
  env: Readonly<Record<string, string>>
  /** The Node that starts `bin/tool.cjs`; by default the one that runs the tests. */
  node?: string
  script?: string
  /** Of whom the process is, if not of who runs the tests. */
  uid?: number
}

/** Runs the built `tool` as a person would, to its end. */
export async function tool(args: readonly string[], options: ToolOptions): Promise<Ran> {
  return startTool(args, options).ended
}

export interface Running {
  /** The next line on stdout; rejects if it ends before. */
  line(): Promise<string>
  /** Resolves when stderr has what fits, from its beginning on. */
  told(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  pid: number
  ended: Promise<Ran>
}

/** Starts the built `tool`, to be watched while it runs. */
export function startTool(
  args: readonly string[],
  {cwd, env, node = process.execPath, script: path = script, uid}: ToolOptions,
): Running {
  const child = spawn(node, [path, ...args], {
    cwd,
    env: {PATH: machinePath, ...env, PWD: cwd},
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && {uid, gid: uid}),
  })
  const output = {stdout: '', stderr: ''}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text
    for (const look of [...lookers]) look()
  })
  const lookers = new Set<() => void>()
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({code, signal, ...output}))
  })
  return {
    pid: child.pid ?? 0,
    kill: signal => void child.kill(signal),
    ended,
    async told(pattern) {
      const found = Promise.withResolvers<void>()
      const look = () => pattern.test(output.stderr) && found.resolve()
      lookers.add(look)
      look()
      const over = ended.then(end => {
        if (!pattern.test(end.stderr)) throw new Error(`tool ${args.join(' ')} ended: ${JSON.stringify(end)}`)
      })
      await Promise.race([found.promise, over]).finally(() => lookers.delete(look))
    },
    async line() {
      const {value, done} = await lines.next()
      if (done) throw new Error(`tool ${args.join(' ')} ended: ${JSON.stringify(await ended)}`)
      return value
    },
  }
}
