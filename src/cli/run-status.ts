import {status} from '../house/status.ts'
import {servers} from '../serve/servers.ts'
import {rememberProject} from '../store/projects.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {renderStatus} from './render/status.ts'
import {tellEngines} from './tell-engines.ts'
import type {Call, Shown} from './verb.ts'

/** `tool` alone: what is pinned here, and what runs. */
export async function runStatus({context, flags, release}: Call): Promise<Shown> {
  const definitions = await loadDefinitions(context)
  const found = status(context, definitions)
  if (found.project !== null) await rememberProject(context, found.project)
  const running = found.project === null ? [] : await servers(context, found.project)
  if (!flags.json) tellEngines(context, definitions)
  return {text: renderStatus(found, running, release, context), result: {...found, servers: running}}
}
