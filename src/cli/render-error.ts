import {Exit, messageOf, redact, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'

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
  if (exit !== undefined) return {error: usageError(messageOf(error), knownFlags(error)), exitCode: exit}
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
function usageError(text: string, known: readonly string[]): {code: string; message: string; hint: string} {
  const [first = '', ...rest] = text
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('See more help'))
  return {
    code: 'USAGE',
    message: [first, ...rest]
      .map(line => line.trim())
      .join(' ')
      .replaceAll(/ {2,}/g, ' '),
    hint: hintFor(text, known),
  }
}

/** The words of the command line's flags that a wrong one may have meant. */
function hintFor(text: string, known: readonly string[]): string {
  const wrong = /^Nonexistent flag: --(\S+)/m.exec(text)?.[1]
  const near = wrong === undefined ? [] : nearestNames(wrong, known)
  return near.length > 0
    ? `did you mean ${near.map(name => `--${name}`).join(' or ')}?`
    : 'add --help to see how the command is used'
}

/** The flags of the command that oclif's parser was at. */
function knownFlags(error: unknown): string[] {
  const {parse} = error as {parse?: {input?: {flags?: object}}}
  return ['help', ...Object.keys(parse?.input?.flags ?? {})]
}
