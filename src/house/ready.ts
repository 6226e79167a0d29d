import type {Context} from '../base/context.ts'
import {autoInstallOff} from '../install/auto-install.ts'
import {type AvailableOptions, locateAll, makeAvailable} from '../install/available.ts'
import {notInstalled} from '../resolve/missing.ts'
import type {Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {type ExecRequest, execNeeds} from './exec.ts'

/**
 * Makes what a command needs be there. A command that is no toolchain's runs without what is missing, where that is not
 * to be installed, unless `--frozen` wants all to be as it is locked.
 * @throws UserError those of `execNeeds` and `makeAvailable`
 */
export async function readyForExec(
  context: Context,
  definitions: Definitions,
  request: ExecRequest,
  options: AvailableOptions,
): Promise<Resolved[]> {
  const {resolved, essential} = execNeeds(context, definitions, request)
  const pins = resolved.map(({pin}) => pin)
  const mayInstall = options.install !== false && autoInstallOff(context) === undefined
  if (essential || mayInstall || context.frozen) return makeAvailable(context, definitions, pins, options)
  const found = await locateAll(context, definitions, pins, options.ask)
  return found.filter(one => {
    if (one.via === 'missing') context.log.warning(notInstalled(one, context).message)
    return one.via !== 'missing'
  })
}
