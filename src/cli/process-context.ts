import {resolve} from 'node:path'
import {type Context, createContext} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {createLogger, type LogLevel, logLevels} from '../base/log.ts'
import {readUserConfig} from '../toolchain/user-config.ts'
import type {Self} from './self.ts'
import type {FlagValue} from './verb.ts'
import {stderrWriter} from './write-out.ts'

/** The flags that every command has, as far as they were given. */
export type ContextFlags = Readonly<
  Partial<Record<'directory' | 'quiet' | 'verbose' | 'offline' | 'frozen', FlagValue | undefined>>
>

export interface ProcessContext {
  context: Context
  /** Goes back to the directory that the process was started in. */
  leave(): void
}

/**
 * The context of this process, which goes to the directory of `-C`. Without a signal nothing interrupts it.
 * @throws UserError DIRECTORY_NOT_FOUND, LOG_LEVEL_UNKNOWN
 */
export function processContext(flags: ContextFlags, self: Self, signal?: AbortSignal): ProcessContext {
  const {env} = process
  const level = logLevel(flags, env.TOOL_LOG)
  const write = stderrWriter()
  const log = createLogger(level, (line, at) => write(at === 'info' ? `${line}\n` : `${at}: ${line}\n`))
  const leave = typeof flags.directory === 'string' ? enter(flags.directory) : () => {}
  const context = createContext({
    cwd: workingDirectory(),
    env,
    packageRoot: self.packageRoot,
    offline: flags.offline === true || undefined,
    frozen: flags.frozen === true || undefined,
    log,
    signal,
  })
  define(context, 'runtime', () => self.runtime)
  context.network = () => readUserConfig(context)
  // A variable that is set decides, also where it says no.
  if (!context.offline && !env.TOOL_OFFLINE) {
    // A broken `config.json` is an error where its word counts, and not for `tool config`, which mends it.
    define(context, 'offline', () => readUserConfig(context).offline ?? false)
  }
  return {context, leave}
}

/** Gives a new context a field that is found out each time when it is asked for, since few are. */
function define<K extends keyof Context>(context: Context, name: K, get: () => Context[K]): void {
  Object.defineProperty(context, name, {get, enumerable: true})
}

/**
 * From which level on notes are written.
 * @param wanted what TOOL_LOG says
 * @throws UserError LOG_LEVEL_UNKNOWN
 */
export function logLevel({quiet, verbose}: ContextFlags, wanted: string | undefined): LogLevel {
  if (quiet) return 'error'
  if (verbose) return 'debug'
  if (!wanted) return 'info'
  const level = logLevels.find(name => name === wanted)
  if (level) return level
  throw new UserError({
    code: 'LOG_LEVEL_UNKNOWN',
    message: `there is no log level ${JSON.stringify(wanted)} (set by TOOL_LOG)`,
    hint: `TOOL_LOG is one of ${logLevels.join(', ')}`,
    exitCode: Exit.usage,
  })
}

function enter(directory: string): () => void {
  const target = resolve(directory)
  const [before, pwd] = [workingDirectory(), process.env.PWD]
  try {
    process.chdir(target)
    process.env.PWD = target
  } catch (error) {
    throw new UserError({
      code: 'DIRECTORY_NOT_FOUND',
      message: `there is no folder ${target} (set by -C), or it can't be entered (${errnoOf(error)})`,
      hint: 'name an existing folder after -C',
      exitCode: Exit.usage,
      cause: error,
    })
  }
  return () => {
    process.chdir(before)
    if (pwd === undefined) delete process.env.PWD
    else process.env.PWD = pwd
  }
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UserError({
      code: 'DIRECTORY_NOT_FOUND',
      message: 'the working directory does not exist any more',
      hint: 'cd to a folder that exists',
      exitCode: Exit.usage,
      cause: error,
    })
  }
}
