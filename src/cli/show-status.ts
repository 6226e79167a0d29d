import type {Status} from '../house/status.ts'
import type {RunningServer} from '../session/types.ts'
import {rememberProject} from '../store/projects.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {renderStatus} from './render/status.ts'
import {tellEngines} from './tell-engines.ts'
import type {Call, Shown} from './verb.ts'

/**
 * Shows where a person is.
 * @param serversOf what runs in the project whose root it gets
 */
export async function showStatus(
  {context, flags, self}: Call,
  definitions: Definitions,
  found: Status,
  serversOf: (project: string) => Promise<readonly RunningServer[]>,
): Promise<Shown> {
  const {project, pins} = found
  if (project !== null) await rememberProject(context, project)
  const servers = project === null ? [] : await serversOf(project)
  if (!flags.json) tellEngines(context, definitions, pins)
  return {text: renderStatus(found, servers, self.release, context), result: {...found, servers}}
}
