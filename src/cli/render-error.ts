import {Exit, messageOf, redact, UserError} from '../base/errors.ts'

/** An error as `--json` prints it. */
export interface ErrorReport {
  error: {code: string; message: string; hint?: string}
  exitCode: number
}

/** What a thrown value means to the person: a mistake in words, or a bug of ours. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof UserError) {
    const {code, message, hint, exitCode} = error
    return {error: {code, message, ...(hint === undefined ? {} : {hint})}, exitCode}
  }
  const exit = oclifExit(error)
  if (exit !== undefined) return {error: usageError(messageOf(error)), exitCode: exit}
  return {error: {code: 'BUG', message: redact(messageOf(error)), hint: bugHint}, exitCode: Exit.bug}
}

const bugHint =
  'this is a mistake in tool itself: please report it with the output of the same command and TOOL_LOG=debug'

/** `error CODE: message`, then `  try: hint`; a bug's stack only where it was asked for. */
export function renderError(error: unknown, {color, stack}: {color: boolean; stack: boolean}): string {
  const {error: report} = reportOf(error)
  const mark = color ? '\u001B[31merror\u001B[39m' : 'error'
  const lines = [`${mark} ${report.code}: ${report.message}`]
  if (report.hint) lines.push(`  try: ${report.hint}`)
  if (stack && error instanceof Error && error.stack) lines.push(redact(error.stack))
  return lines.join('\n')
}

/** The exit code of an oclif error: 2 for its usage errors, what it says otherwise. */
function oclifExit(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('oclif' in error)) return undefined
  const {oclif} = error
  if (typeof oclif !== 'object' || oclif === null || !('exit' in oclif)) return undefined
  return typeof oclif.exit === 'number' ? oclif.exit : undefined
}

/** oclif says what is wrong in the first line and where its help is in the last. */
function usageError(text: string): {code: string; message: string; hint: string} {
  const [first = '', ...rest] = text
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('See more help'))
  return {
    code: 'USAGE',
    message: [first, ...rest.map(line => line.trim())].join(' '),
    hint: 'add --help to see how the command is used',
  }
}
