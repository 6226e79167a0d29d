import {versions as list} from '../../house/versions.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {renderVersions} from '../render/versions.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool versions` */
export async function versions({context, flags}: Call): Promise<Shown> {
  const definitions = await loadDefinitions(context)
  const toolchain =
    typeof flags.toolchain === 'string'
      ? definitions.get(flags.toolchain, {kind: 'argument', text: '-t'}).name
      : undefined
  const found = list(context, definitions, toolchain)
  if (found.length === 0 && !flags.json) context.log.info('nothing is installed')
  const text = flags.bare ? found.map(({version}) => version).join('\n') : renderVersions(found, context)
  return {text, result: found}
}
