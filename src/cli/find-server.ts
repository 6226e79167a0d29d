import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {servers} from '../session/servers.ts'
import type {RunningServer} from '../session/types.ts'
import {notServed} from './not-served.ts'
import {servedProject} from './served-project.ts'

/**
 * The server of the project of the working directory that listens now.
 * @param word which toolchain's, as a person named it
 * @param command that asks, for the hint
 * @throws UserError NO_PROJECT, UNKNOWN_TOOLCHAIN, NOT_SERVED, SERVER_AMBIGUOUS
 */
export async function findServer(
  context: Context,
  word: string | undefined,
  command: 'open' | 'port',
): Promise<RunningServer> {
  const {root, toolchain} = await servedProject(context, word)
  const all = await servers(context, root)
  const fitting = all.filter(server => toolchain === undefined || server.toolchain === toolchain)
  const [server, ...others] = fitting
  if (server === undefined) {
    throw notServed(
      root,
      'server',
      toolchain,
      all.map(one => one.toolchain),
    )
  }
  if (others.length > 0) {
    throw new UserError({
      code: 'SERVER_AMBIGUOUS',
      message: `${fitting.length} servers run here: ${fitting.map(one => one.toolchain).join(', ')}`,
      hint: `say which: tool ${command} ${server.toolchain}`,
      exitCode: Exit.usage,
    })
  }
  return server
}
