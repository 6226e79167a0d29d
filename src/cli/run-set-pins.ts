import type {Context} from '../base/context.ts'
import {setPins} from '../house/pin-file.ts'
import type {Pinned} from '../house/pinned.ts'
import type {Pin} from '../pin/types.ts'
import {notInstalled} from '../resolve/command.ts'
import {resolveLocal} from '../resolve/local.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'
import {installPins} from './install-pins.ts'
import {rememberThisProject} from './remember-project.ts'

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
  if (install) await installPins(context, definitions, each.filter(needsInstall), {quiet})
  else for (const pin of each) checkInstalled(context, definitions, pin)
  setPins(context, definitions, path, pins)
  await rememberThisProject(context, definitions)
  return pins.map(({toolchain, specs}) => ({
    toolchain,
    specs: specs.map(printSpec),
    origin: {kind: 'file', path, line: 1},
  }))
}

/** The system's version, and a folder, are there or not. */
function needsInstall({specs: [{kind}]}: Pin): boolean {
  return kind !== 'system' && kind !== 'path'
}

function checkInstalled(context: Context, definitions: Definitions, pin: Pin): void {
  if (!needsInstall(pin)) return
  const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
  if (resolved.via === 'missing') throw notInstalled(resolved, context)
}
