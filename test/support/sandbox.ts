import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, delimiter, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Context, createContext} from '../../src/base/context.ts'
import {createLogger} from '../../src/base/log.ts'

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** PATH as a person has it: without the compilers of this repository, which npm puts there, and pins may be content with. */
export const machinePath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter(directory => basename(directory) !== '.bin')
  .join(delimiter)

/** The environment of a machine where no https address can be reached, such as those that the built-in definitions name. */
export const unreachable = {HTTPS_PROXY: 'http://127.0.0.1:1'}

export interface Sandbox extends AsyncDisposable {
  /** A temporary folder that is the person's HOME; `$TOOL_HOME` is `.tool` below it. */
  root: string
  /** A folder below HOME to work in. */
  project: string
  context: Context
  /** What was logged, one string a message, `level: text`. */
  logged: string[]
  /** Writes a file relative to the project, and returns its path. */
  write(path: string, text: string | Uint8Array): string
  /** The same context in another directory or environment. */
  at(changes: {cwd?: string; env?: Record<string, string>; signal?: AbortSignal}): Context
}

/** A person's machine for one test: own HOME, own environment, a real context. */
export function sandbox(env: Record<string, string> = {}): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'toolversion-')))
  const project = join(root, 'app')
  mkdirSync(project)
  const logged: string[] = []
  const log = createLogger('debug', (line, level) => logged.push(`${level}: ${line}`))
  const base = {HOME: root, PATH: machinePath, ...env}
  const at: Sandbox['at'] = ({cwd = project, env: more = {}, signal = new AbortController().signal}) =>
    createContext({cwd, env: {...base, ...more}, packageRoot, log, signal})
  return {
    root,
    project,
    context: at({}),
    logged,
    at,
    write(path, text) {
      const file = join(project, path)
      mkdirSync(dirname(file), {recursive: true})
      writeFileSync(file, text)
      return file
    },
    async [Symbol.asyncDispose]() {
      rmSync(root, {recursive: true, force: true, maxRetries: 5})
    },
  }
}
