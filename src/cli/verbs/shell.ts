import {runShell} from '../run-shell.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool shell`, where nothing must be installed first. */
export function shell(call: Call): Promise<Shown | undefined> {
  return runShell(call, async () => false)
}
