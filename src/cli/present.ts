import type {Shown} from './verb.ts'
import {writeOut} from './write-out.ts'

/**
 * Writes what a verb found: its text, or with `--json` its result; sets the exit code.
 * @returns whether everything is written
 */
export function present({text = '', result, exitCode}: Shown, json: boolean): boolean {
  if (exitCode !== undefined) process.exitCode = exitCode
  if (json) return writeOut(`${JSON.stringify(result ?? null, undefined, 2)}\n`)
  return text === '' || writeOut(text.endsWith('\n') ? text : `${text}\n`)
}
