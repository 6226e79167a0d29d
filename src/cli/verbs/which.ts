import {which as find} from '../../house/which.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool which COMMAND` */
export async function which({context, words: [command = '']}: Call): Promise<Shown> {
  const path = find(context, await loadDefinitions(context), command)
  return {text: path, result: {command, path}}
}
