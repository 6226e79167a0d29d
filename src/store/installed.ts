import {existsSync, lstatSync, readdirSync, statSync} from 'node:fs'
import {sep} from 'node:path'
import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {isToolchainName} from '../toolchain/name.ts'
import {sortByVersion} from '../version/compare.ts'
import {storeError} from './errors.ts'
import type {Installed} from './types.ts'

/**
 * The versions of a toolchain in the store, in natural order: every directory with a `bin/`, whatever it is called,
 * also those that a person put or linked there by hand.
 * @throws UserError PERMISSION_DENIED where the folder can't be read; a version that can't be is passed over
 */
export function listInstalled(context: Context, toolchain: string): Installed[] {
  const folder = context.layout.toolchain(toolchain)
  const found = namesOfPlaces(context, toolchain).map(version => installedIn(folder, toolchain, version))
  return sortByVersion(
    found.filter(installed => installed !== undefined),
    ({version}) => version,
  )
}

const binFolder = 'bin'

/** @internal A version in the folder of its toolchain, if it is one; what can't be looked at is none. */
export function installedIn(folder: string, toolchain: string, version: string): Installed | undefined {
  // Thousands of versions are listed in the time that a call of `join` for each would take.
  const directory = folder + sep + version
  const bin = directory + sep + binFolder
  return isFolder(bin) ? {toolchain, version, directory, bin} : undefined
}

/** @internal Everything that stands where versions do, complete or not. */
export function namesOfPlaces(context: Context, toolchain: string): string[] {
  return readFolder(context, context.layout.toolchain(toolchain))
}

/** One version in the store, if it is there and complete. */
export function findInstalled(context: Context, toolchain: string, version: string): Installed | undefined {
  if (!isVersionName(version)) return undefined
  const bin = context.layout.bin(toolchain, version)
  if (!isDirectory(bin, context)) return undefined
  return {toolchain, version, directory: context.layout.version(toolchain, version), bin}
}

/** What stands in the place of a version, be it complete or not: a folder without programs, a link that leads nowhere. */
export function findPlace({layout}: Context, toolchain: string, version: string): Installed | undefined {
  const directory = layout.version(toolchain, version)
  try {
    const stats = isVersionName(version) ? lstatSync(directory) : undefined
    if (!stats?.isDirectory() && !stats?.isSymbolicLink()) return undefined
    return {toolchain, version, directory, bin: layout.bin(toolchain, version)}
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw storeError(error, layout)
  }
}

/** The names of the toolchains that have a folder in the store. */
export function installedToolchains(context: Context): string[] {
  // A disk of its own has folders of the system's in it, such as lost+found.
  return readFolder(context, context.layout.versions).filter(isToolchainName).sort()
}

/** @internal The names in a folder of the store; none where there is no such folder. What begins with a dot is in the making. */
export function namesIn(context: Context, directory: string): string[] {
  return readFolder(context, directory).filter(name => !name.startsWith('.'))
}

/** Whether a text is the name of one folder, which can't lead out of the one that it is in. */
function isVersionName(text: string): boolean {
  return (
    text !== '' && text !== '.' && text !== '..' && !/[/\0]/.test(text) && !(sep === '\\' && /\\/.test(text))
  )
}

function readFolder({layout}: Context, directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (isAbsent(error)) return []
    throw storeError(error, layout)
  }
}

/** The cheapest question that Node can ask; Windows takes a path with a dot at its end for the one without. */
function isFolder(path: string): boolean {
  if (process.platform !== 'win32') return existsSync(`${path}/.`)
  try {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
  } catch {
    return false
  }
}

function isDirectory(path: string, {layout}: Context): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false
  } catch (error) {
    if (isAbsent(error)) return false
    throw storeError(error, layout)
  }
}

/** A home that is a file, or links to itself, has nothing in it. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '')
}
