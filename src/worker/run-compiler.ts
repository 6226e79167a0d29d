import {messageOf} from '../base/errors.ts'
import type {Compiler} from './compiler.ts'
import {runRelaxed} from './relaxed.ts'
import {surroundings} from './surroundings.ts'

/**
 * Makes this Node program a compiler: the last call of its main module.
 *
 * Started by a supervisor (`TOOL_IPC` is set) it joins it, compiles and serves as it is asked, and ends with it.
 * Started by a person it runs once, *relaxed*: `program [build|serve] [--host H] [--port N] arguments…`; diagnostics
 * go to stderr as `file:line:column: severity code: message`, a server's URL to stdout, and the exit code is 1 after
 * errors.
 * @returns only in relaxed mode, while a server that was started goes on; else the process ends
 */
export async function runCompiler(compiler: Compiler): Promise<void> {
  const around = surroundings()
  try {
    if (!around.supervisor) return await runRelaxed(compiler, around)
    // The connection's library takes as long to load as Node to start; by hand nobody needs it.
    const {runSupervised} = await import('./supervised.ts')
    await runSupervised(compiler, around, around.supervisor)
  } catch (error) {
    around.stderr(`${compiler.name}: ${messageOf(error)}\n`)
    around.exit(1)
  }
}
