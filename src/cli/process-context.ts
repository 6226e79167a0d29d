import {resolve} from 'node:path'
import {type Context, createContext} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {createLogger, type LogLevel, logLevels} from '../base/log.ts'

export interface ContextFlags {
  directory?: string | undefined
  quiet?: boolean
  verbose?: boolean
}

/**
 * The context of this process.
 * @throws UserError DIRECTORY_NOT_FOUND, LOG_LEVEL_UNKNOWN
 */
export function processContext(flags: ContextFlags, packageRoot: string, signal: AbortSignal): Context {
  const {env} = process
  const level = logLevel(flags, env.TOOL_LOG)
  const log = createLogger(level, (line, at) =>
    process.stderr.write(at === 'info' ? `${line}\n` : `${at}: ${line}\n`),
  )
  if (flags.directory !== undefined) enter(flags.directory)
  return createContext({cwd: workingDirectory(), env, packageRoot, log, signal})
}

function logLevel({quiet, verbose}: ContextFlags, wanted: string | undefined): LogLevel {
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

function enter(directory: string): void {
  const target = resolve(directory)
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
