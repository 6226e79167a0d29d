import {readdirSync, statSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {errnoOf} from '../base/errors.ts'
import {compareVersions} from '../version/compare.ts'
import {storeError} from './errors.ts'
import type {Installed} from './types.ts'

/**
 * The versions of a toolchain in the store, in natural order: every directory with a `bin/`, also
 * those that a person put or linked there by hand.
 */
export function listInstalled(context: Context, toolchain: string): Installed[] {
  return namesIn(context, context.layout.toolchain(toolchain))
    .map(version => findInstalled(context, toolchain, version))
    .filter(installed => installed !== undefined)
    .sort((a, b) => compareVersions(a.version, b.version))
}

/** One version in the store, if it is there and complete. */
export function findInstalled(context: Context, toolchain: string, version: string): Installed | undefined {
  const bin = context.layout.bin(toolchain, version)
  if (!isDirectory(bin, context)) return undefined
  return {toolchain, version, directory: context.layout.version(toolchain, version), bin}
}

/** The names of the toolchains that have a folder in the store. */
export function installedToolchains(context: Context): string[] {
  return namesIn(context, context.layout.versions).sort()
}

/** @internal The names in a folder of the store; none where there is no such folder. */
export function namesIn({layout}: Context, directory: string): string[] {
  try {
    return readdirSync(directory).filter(name => !name.startsWith('.'))
  } catch (error) {
    if (isAbsent(error)) return []
    throw storeError(error, layout)
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
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')
}
