import {status} from '../house/status.ts'
import {whatRuns} from '../session/servers.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {showStatus} from './show-status.ts'
import type {Call, Shown} from './verb.ts'

/** `tool` alone: what is pinned here, and what runs. */
export async function runStatus(call: Call): Promise<Shown> {
  const {context} = call
  const definitions = await loadDefinitions(context)
  const found = status(context, definitions)
  return showStatus(call, definitions, found, project => whatRuns(context, project))
}
