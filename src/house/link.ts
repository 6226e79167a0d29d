import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {rehashAfter} from '../install/rehash-after.ts'
import {linkVersion, targetInvalid} from '../store/link-version.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {looksLikeSpec, parseSpec} from '../version/spec.ts'

export interface LinkOptions {
  toolchain: string
  /** What the version is to be called. */
  name: string
  /** Relative to the working directory. */
  directory: string
  /** Replaces another link of that name. */
  force?: boolean
}

/** A version that is a link. */
export interface Linked {
  toolchain: string
  version: string
  directory: string
  /** The folder of the person. */
  target: string
}

/**
 * Makes a folder of the person a version of a toolchain, to be pinned by its name.
 * @throws UserError LINK_NAME_INVALID, LINK_TARGET_INVALID, VERSION_EXISTS, PERMISSION_DENIED, READ_ONLY
 */
export async function link(
  context: Context,
  definitions: Definitions,
  {toolchain, name, directory, force}: LinkOptions,
): Promise<Linked> {
  checkName(name)
  const target = resolve(context.cwd, directory)
  // An empty word is a shell variable that was never set, rather than the working directory.
  if (directory === '') throw targetInvalid('the name of the folder is empty')
  const linked = await linkVersion(context, {
    toolchain,
    version: name,
    directory: target,
    ...(force && {force}),
  })
  await rehashAfter(context, definitions)
  return {toolchain, version: name, directory: linked.directory, target}
}

/** A name that a pin could not have, or that means something else in one, would never be found again. */
function checkName(name: string): void {
  const {kind} = parseSpec(name)
  if ((kind === 'exact' || (kind === 'tag' && !looksLikeSpec(name))) && !name.includes('/')) return
  throw new UserError({
    code: 'LINK_NAME_INVALID',
    message: `${JSON.stringify(name)} can’t be the name of a linked version`,
    hint: 'choose a name such as dev, or a whole version such as 5.9.3-mine',
    exitCode: Exit.usage,
  })
}
