import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {servers} from '../serve/servers.ts'
import type {RunningServer} from '../serve/types.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {requireProject} from './require-project.ts'

/**
 * The server of the project of the working directory that listens now.
 * @throws UserError NO_PROJECT, NOT_SERVED, SERVER_AMBIGUOUS
 */
export async function findServer(context: Context, toolchain: string | undefined): Promise<RunningServer> {
  const {root} = requireProject(context, await loadDefinitions(context))
  const all = await servers(context, root)
  const fitting = all.filter(server => toolchain === undefined || server.toolchain === toolchain)
  const [server, ...others] = fitting
  if (server === undefined) throw notServed(root, toolchain, all)
  if (others.length > 0) {
    throw new UserError({
      code: 'SERVER_AMBIGUOUS',
      message: `${fitting.length} servers run here: ${fitting.map(one => one.toolchain).join(', ')}`,
      hint: `say which: tool port ${server.toolchain}`,
      exitCode: Exit.usage,
    })
  }
  return server
}

function notServed(root: string, toolchain: string | undefined, all: readonly RunningServer[]): UserError {
  const other = all.map(server => server.toolchain).join(', ')
  return new UserError({
    code: 'NOT_SERVED',
    message: `no server ${toolchain === undefined ? '' : `of ${toolchain} `}runs for the project in ${root}`,
    hint: other === '' ? 'start it: tool serve' : `there is one of ${other}`,
    exitCode: Exit.workerFailed,
  })
}
