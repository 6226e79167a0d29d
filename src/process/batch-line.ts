import {Exit, UserError} from '../base/errors.ts'

/** Whether a file is one that only Windows' command processor can run. */
export function isBatchFile(file: string): boolean {
  return process.platform === 'win32' && /\.(?:cmd|bat)$/i.test(file)
}

export interface BatchLine {
  file: string
  /** To be joined with blanks, as they are. */
  args: string[]
}

/**
 * How the command processor runs a batch file so that its arguments arrive as they are.
 * @throws UserError COMMAND_NOT_EXECUTABLE if an argument has a line break, which ends every line of a batch file
 */
export function batchLine(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BatchLine {
  if (args.some(word => /[\r\n\0]/.test(word))) {
    throw new UserError({
      code: 'COMMAND_NOT_EXECUTABLE',
      message: `${file} is a batch file, which can't be given an argument with a line break`,
      hint: 'pass it in a file, or without the line break',
      exitCode: Exit.notExecutable,
    })
  }
  const line = [`"${file}"`, ...args.map(argument)].join(' ')
  const processor = Object.keys(env).find(name => name.toUpperCase() === 'COMSPEC')
  return {
    file: (processor && env[processor]) || 'cmd.exe',
    args: ['/d', '/v:off', '/s', '/c', `"${line}"`],
  }
}

/** Read once by the command processor. Where quotes are in it, they would end there what `%*` puts into a line: twice. */
function argument(word: string): string {
  const once = literal(quoted(word))
  return word.includes('"') ? literal(once) : once
}

/** As programs split their command line: backslashes count only before a quote. */
function quoted(word: string): string {
  return `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\*$/, '$&$&')}"`
}

/** A text that means nothing to the command processor, not even quotes. */
function literal(text: string): string {
  return text.replaceAll(/[()\][%!^"`<>&|;, *?]/g, '^$&')
}
