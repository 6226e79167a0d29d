import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {batchLine, isBatchFile} from '../process/batch-line.ts'
import type {Self} from './self.ts'

export interface Program {
  /** Absolute path. */
  file: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/**
 * Becomes another program: same process, same terminal, same signals. Where the system can't do that (Windows), the
 * program runs as a child, and this process is to end as it did: resolves then.
 * @throws UserError COMMAND_NOT_EXECUTABLE, COMMAND_NOT_FOUND
 */
export async function become(program: Program, {keepCompiled}: Pick<Self, 'keepCompiled'>): Promise<void> {
  // Node has an execve on Windows too, which does nothing but throw.
  if (process.platform === 'win32' || process.execve === undefined) await runAsChild(program)
  else {
    // Else it would be kept when Node ends, which it never does.
    keepCompiled()
    replaceProcess(program)
  }
}

/**
 * Pipes that this process has written to are non-blocking since then, for everyone who shares them; programs that
 * don't expect it fail with EAGAIN. Not needed, and not free, where nothing was written.
 */
export function restoreBlocking(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Node has no public way to say this.
    const {_handle: handle} = stream as {_handle?: {setBlocking?(on: boolean): void}}
    handle?.setBlocking?.(true)
  }
}

/** Node ignores these, and what is ignored stays so across exec; what is caught goes back to its default. */
const ignoredByNode = ['SIGPIPE', 'SIGXFSZ'] as const

function replaceProcess({file, args, env}: Program): void {
  for (const signal of ignoredByNode) process.on(signal, () => {})
  const execve = (path: string, argv: readonly string[]) => process.execve?.(path, [...argv], {...env})
  try {
    try {
      execve(file, [file, ...args])
    } catch (error) {
      // A script without a first line that names its interpreter is for sh, as in every shell.
      if (errnoOf(error) !== 'ENOEXEC') throw error
      execve('/bin/sh', ['sh', file, ...args])
    }
  } catch (error) {
    // Node warns that execve is experimental, once this code returns: that is no news for the person.
    process.removeAllListeners('warning')
    throw cannotStart(file, error)
  }
}

async function runAsChild({file, args, env}: Program): Promise<void> {
  // Slow to load, and not needed where a process can become another.
  const {spawn} = process.getBuiltinModule('node:child_process')
  const {constants} = process.getBuiltinModule('node:os')
  const ended = Promise.withResolvers<void>()
  // A console sends them to both; what they mean is the program's to say.
  for (const signal of ['SIGINT', 'SIGBREAK'] as const) process.on(signal, () => {})
  try {
    const line = isBatchFile(file) ? batchLine(file, args, env) : {file, args}
    const child = spawn(line.file, line.args, {
      env,
      stdio: 'inherit',
      windowsVerbatimArguments: isBatchFile(file),
    })
    child.on('error', ended.reject)
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
      ended.resolve()
    })
    await ended.promise
  } catch (error) {
    throw error instanceof UserError ? error : cannotStart(file, error)
  }
}

function cannotStart(file: string, error: unknown): UserError {
  const missing = errnoOf(error) === 'ENOENT'
  return new UserError({
    code: missing ? 'COMMAND_NOT_FOUND' : 'COMMAND_NOT_EXECUTABLE',
    message: `${file} can't be started (${errnoOf(error) ?? error})`,
    hint: missing
      ? 'it, or the interpreter that its first line names, is missing: install the version again with tool install --force'
      : 'check that it is a program for this machine, and that you may run it',
    exitCode: missing ? Exit.commandNotFound : Exit.notExecutable,
    cause: error,
  })
}
