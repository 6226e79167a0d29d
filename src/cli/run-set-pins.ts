import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {setPins} from '../house/pin-file.ts'
import type {Pinned} from '../house/pinned.ts'
import {locateAll} from '../install/available.ts'
import {ensureInstalled} from '../install/ensure.ts'
import {relock} from '../install/relock.ts'
import type {Pin} from '../pin/types.ts'
import {notInstalled} from '../resolve/missing.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'
import {rememberThisProject} from './remember-project.ts'
import {withProgress} from './with-progress.ts'

/**
 * Writes pins into a file, every version of them being there: what is missing is installed first, or, with
 * `--no-install`, nothing is written.
 * @throws UserError VERSION_NOT_INSTALLED (7), PIN_*, PERMISSION_DENIED, and those of install
 */
export async function runSetPins(
  context: Context,
  definitions: Definitions,
  path: string,
  pins: readonly Pin[],
  {install, quiet}: {install: boolean; quiet: boolean},
): Promise<Pinned[]> {
  const each = pins.flatMap(pin => pin.specs.map((spec): Pin => ({...pin, specs: [spec]})))
  const versions = each.filter(namesVersions)
  if (install)
    await withProgress(context, quiet, options => ensureInstalled(context, definitions, versions, options))
  else await checkInstalled(context, definitions, versions)
  await setPins(context, definitions, path, pins)
  if (install && path !== context.layout.globalPins) await relock(context, definitions, {root: dirname(path)})
  await rememberThisProject(context, definitions)
  return pins.map(({toolchain, specs}) => ({
    toolchain,
    specs: specs.map(printSpec),
    origin: {kind: 'file', path, line: 1},
  }))
}

/** The system's version, and a folder, are there or not. */
function namesVersions({specs: [{kind}]}: Pin): boolean {
  return kind !== 'system' && kind !== 'path'
}

async function checkInstalled(
  context: Context,
  definitions: Definitions,
  pins: readonly Pin[],
): Promise<void> {
  for (const resolved of await locateAll(context, definitions, pins))
    if (resolved.via === 'missing') throw notInstalled(resolved, context)
}
