import {existsSync} from 'node:fs'
import type {Context} from '../../base/context.ts'
import {status as find, type Status} from '../../house/status.ts'
import {recordPath} from '../../supervisor/control-record.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {showStatus} from '../show-status.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool` alone, where no supervisor has to be asked for its servers. */
export async function status(call: Call): Promise<Shown | undefined> {
  const {context} = call
  const definitions = await loadDefinitions(context)
  const found = find(context, definitions)
  if (mayBeSupervised(found, context)) return undefined
  return showStatus(call, definitions, found, async () => ({servers: [], others: []}))
}

function mayBeSupervised({project}: Status, {layout}: Context): boolean {
  return existsSync(layout.runs) && project !== null && existsSync(recordPath(layout, project))
}
