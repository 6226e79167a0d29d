import type {Context} from '../base/context.ts'
import {status} from '../house/status.ts'
import {restartServers} from '../serve/restart.ts'
import type {RunningServer} from '../serve/types.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
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
  await tellChangedPins(context, restarted.servers)
  return restarted.servers
}

/** A supervisor starts what it was told to start, whatever the pins say since. */
async function tellChangedPins(context: Context, servers: readonly RunningServer[]): Promise<void> {
  const {pins} = status(context, await loadDefinitions(context))
  for (const {toolchain, version} of servers) {
    const pinned = pins.find(pin => pin.toolchain === toolchain)?.version
    if (pinned && pinned !== version)
      context.log.warning(
        `${toolchain} ${version} runs again, and ${pinned} is pinned now; to change over: tool stop, then tool serve`,
      )
  }
}
