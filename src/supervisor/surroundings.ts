import {homedir, tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {supervisorsAbove, withVariables} from '../base/variables.ts'

/*
 * The one place where the library looks at the process that embeds it: what a program of a few lines need not say. Our own
 * commands say everything.
 */

/** This process's own environment. */
export function ownEnvironment(): Record<string, string> {
  return withVariables(process.platform, process.env)
}

/** This process's working directory. */
export function ownFolder(): string {
  return process.cwd()
}

/** Ids of the supervisors that this process runs under, outermost first. */
export function ownSupervisors(): string[] {
  return supervisorsAbove(process.env)
}

/** `$TOOL_HOME`, by default `~/.tool`. */
export function ownHome(): string {
  return resolve(process.env.TOOL_HOME || join(homedir(), '.tool'))
}

/** Where a supervisor's socket lies that nobody said anything of: nobody can guess it, and so be there first. */
export function temporaryFolder(instance: string): string {
  return join(tmpdir(), `toolversion-${instance}`)
}
