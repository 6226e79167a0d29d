import type {Context} from '../base/context.ts'
import {restartServers} from '../session/restart.ts'
import type {WhatRuns} from '../session/servers.ts'
import {notServed} from './not-served.ts'
import {servedProject} from './served-project.ts'

/**
 * `tool restart`: what was started again, and where the servers among it listen.
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, NOT_SERVED, and why a server is not ready again
 */
export async function runRestart(context: Context, word: string | undefined): Promise<WhatRuns> {
  const {root, toolchain} = await servedProject(context, word)
  const restarted = await restartServers(context, root, toolchain)
  if (restarted === undefined || restarted.again.servers.length + restarted.again.others.length === 0)
    throw notServed(root, 'worker', toolchain, restarted?.others ?? [])
  return restarted.again
}
