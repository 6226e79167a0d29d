import type {Status} from '../house/status.ts'
import type {WhatRuns} from '../session/servers.ts'
import {rememberProject} from '../store/projects.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {renderStatus} from './render/status.ts'
import {tellEngines} from './tell-engines.ts'
import type {Call, Shown} from './verb.ts'

/**
 * Shows where a person is.
 * @param runningIn what runs in the project whose root it gets
 */
export async function showStatus(
  {context, flags, self}: Call,
  definitions: Definitions,
  found: Status,
  runningIn: (project: string) => Promise<WhatRuns>,
): Promise<Shown> {
  const {project, pins} = found
  if (project !== null) await rememberProject(context, project)
  const running = project === null ? {servers: [], others: []} : await runningIn(project)
  if (!flags.json) tellEngines(context, definitions, pins)
  return {text: renderStatus(found, running, self.release, context), result: {...found, ...running}}
}
