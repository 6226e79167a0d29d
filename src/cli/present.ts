import type {Shown} from './verb.ts'
import {writeOut} from './write-out.ts'

/** Writes what a verb found: its text, or with `--json` its result; sets the exit code. */
export function present({text = '', result, exitCode}: Shown, json: boolean): void {
  if (exitCode !== undefined) process.exitCode = exitCode
  if (json) writeOut(`${JSON.stringify(result ?? null, undefined, 2)}\n`)
  else if (text !== '') writeOut(text.endsWith('\n') ? text : `${text}\n`)
}
