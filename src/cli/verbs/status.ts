import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../base/context.ts'
import {status as find, type Status} from '../../house/status.ts'
import {rememberProject} from '../../store/projects.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {renderStatus} from '../render/status.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool` alone, where no supervisor has to be asked for its servers. */
export async function status(call: Call): Promise<Shown | undefined> {
  const {context, release} = call
  const found = find(context, await loadDefinitions(context))
  if (mayBeSupervised(found, context)) return undefined
  if (found.project !== null) await rememberProject(context, found.project)
  return {text: renderStatus(found, [], release, context), result: {...found, servers: []}}
}

function mayBeSupervised({project}: Status, {layout}: Context): boolean {
  return existsSync(join(layout.runs)) && project !== null && existsSync(layout.run(project))
}
