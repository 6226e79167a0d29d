import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../base/context.ts'
import {status as find, type Status} from '../../house/status.ts'
import {rememberProject} from '../../store/projects.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {renderStatus} from '../render/status.ts'
import {tellEngines} from '../tell-engines.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool` alone, where no supervisor has to be asked for its servers. */
export async function status(call: Call): Promise<Shown | undefined> {
  const {context, flags, release} = call
  const definitions = await loadDefinitions(context)
  const found = find(context, definitions)
  if (mayBeSupervised(found, context)) return undefined
  if (found.project !== null) await rememberProject(context, found.project)
  if (!flags.json) tellEngines(context, definitions)
  return {text: renderStatus(found, [], release, context), result: {...found, servers: []}}
}

function mayBeSupervised({project}: Status, {layout}: Context): boolean {
  return existsSync(join(layout.runs)) && project !== null && existsSync(layout.run(project))
}
