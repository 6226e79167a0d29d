import {which as find} from '../../house/which.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool which COMMAND`; with `--verbose` stderr says which of all that could be meant it is, and why. */
export async function which({context, words: [command = ''], flags}: Call): Promise<Shown> {
  const found = find(context, await loadDefinitions(context), command)
  if (flags.verbose) {
    const what = [found.toolchain, found.version].filter(word => word !== null).join(' ')
    context.log.info(`${what || command} (${found.reason})`)
  }
  return {text: found.path, result: {command, ...found}}
}
