import {lstatSync, unlinkSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {rename} from '../base/rename.ts'
import {storeError} from './errors.ts'
import {updateLinks} from './links.ts'
import {lockVersion} from './lock.ts'
import {isUnmovable, removeInPlace} from './remove-in-place.ts'
import {createStaging} from './staging.ts'
import type {Installed} from './types.ts'

/**
 * Takes a version out of the store by one rename, then removes it. A version that a person linked
 * there loses only its link. One that is gone already is no error. The links of specs move to what is left.
 * @throws UserError PERMISSION_DENIED, READ_ONLY
 */
export async function uninstall(context: Context, installed: Installed): Promise<void> {
  const {toolchain, version} = installed
  await using _lock = await lockVersion(context, toolchain, version)
  using staging = createStaging(context, `uninstall-${toolchain}`)
  try {
    remove(installed, join(staging.directory, 'removed'))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw storeError(error, context.layout)
  }
  await updateLinks(context, toolchain)
}

function remove({directory}: Installed, aside: string): void {
  try {
    if (lstatSync(directory).isSymbolicLink()) unlinkSync(directory)
    else rename(directory, aside)
  } catch (error) {
    if (!isUnmovable(error)) throw error
    removeInPlace(directory)
  }
}
