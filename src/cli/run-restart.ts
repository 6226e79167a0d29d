import type {Context} from '../base/context.ts'
import {restartServers} from '../session/restart.ts'
import type {RunningServer} from '../session/types.ts'
import {notServed} from './not-served.ts'
import {servedProject} from './served-project.ts'

/**
 * `tool restart`: where the servers listen that were started again.
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, NOT_SERVED, and why a server is not ready again
 */
export async function runRestart(context: Context, word: string | undefined): Promise<RunningServer[]> {
  const {root, toolchain} = await servedProject(context, word)
  const restarted = await restartServers(context, root, toolchain)
  if (restarted === undefined || restarted.toolchains.length === 0)
    throw notServed(root, toolchain, restarted?.others ?? [])
  return restarted.servers
}
