import {lstatSync, mkdirSync, readlinkSync, statSync, symlinkSync, unlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {quoteWord} from '../base/quote-word.ts'
import {rename} from '../base/rename.ts'
import {storeError} from './errors.ts'
import {updateLinks} from './links.ts'
import {lockVersion} from './lock.ts'
import {createStaging} from './staging.ts'
import type {Installed} from './types.ts'

export interface LinkRequest {
  toolchain: string
  /** What the version is to be called. */
  version: string
  /** Absolute; its programs are in `bin/` below it. */
  directory: string
  /** Replaces another link of that name; never a version that is a folder. */
  force?: boolean
}

/**
 * Makes a folder of the person a version of a toolchain, by a link in the store. The links of ranges move if it is the newest.
 * @throws UserError LINK_TARGET_INVALID, VERSION_EXISTS, PERMISSION_DENIED, READ_ONLY
 */
export async function linkVersion(context: Context, request: LinkRequest): Promise<Installed> {
  const {toolchain, version, directory} = request
  const path = context.layout.version(toolchain, version)
  await using _lock = await lockVersion(context, toolchain, version)
  try {
    checkTarget(directory)
    checkFree(path, request)
    using staging = createStaging(context, `link-${toolchain}`)
    mkdirSync(dirname(path), {recursive: true})
    replace(path, directory, staging.directory)
  } catch (error) {
    throw storeError(error, context.layout)
  }
  await updateLinks(context, toolchain)
  return {toolchain, version, directory: path, bin: context.layout.bin(toolchain, version)}
}

function checkTarget(directory: string): void {
  if (!isFolder(directory)) throw targetInvalid(`${directory} is no folder`)
  if (!isFolder(join(directory, 'bin'))) throw targetInvalid(`${directory} has no folder bin`)
}

export function targetInvalid(message: string): UserError {
  return new UserError({
    code: 'LINK_TARGET_INVALID',
    message,
    hint: 'name a folder whose programs are in a folder bin below it',
    exitCode: Exit.usage,
  })
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function replace(path: string, directory: string, staging: string): void {
  const [staged, old] = [join(staging, 'link'), join(staging, 'old')]
  // Windows lets everybody make junctions; elsewhere the word means nothing.
  symlinkSync(directory, staged, 'junction')
  const isThere = lstatSync(path, {throwIfNoEntry: false}) !== undefined
  if (isThere) rename(path, old)
  rename(staged, path)
  if (isFolder(join(path, 'bin'))) return
  unlinkSync(path)
  if (isThere) rename(old, path)
  throw targetInvalid(`${directory} is reached by the very link that is to be replaced`)
}

function checkFree(path: string, {toolchain, version, force = false}: LinkRequest): void {
  const there = lstatSync(path, {throwIfNoEntry: false})
  if (there === undefined || (force && there.isSymbolicLink())) return
  const name = quoteWord(`${toolchain}@${version}`)
  throw new UserError({
    code: 'VERSION_EXISTS',
    message: there.isSymbolicLink()
      ? `${toolchain} ${version} is linked already, to ${readlinkSync(path)}`
      : `${toolchain} ${version} is there already, and no link`,
    hint: there.isSymbolicLink()
      ? 'add --force to replace the link'
      : `choose another name, or remove it first: tool uninstall ${name}`,
    exitCode: Exit.usage,
  })
}
