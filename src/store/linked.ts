import {lstatSync, readlinkSync, statSync} from 'node:fs'
import {basename, join} from 'node:path'
import type {Context} from '../base/context.ts'
import type {VersionSpec} from '../version/spec.ts'
import {findInstalled} from './installed.ts'
import type {Installed} from './types.ts'

/** The installed version that the link of a spec points to. */
export function findLinked(context: Context, toolchain: string, spec: VersionSpec): Installed | undefined {
  const path = linkPath(context, toolchain, spec)
  const version = path === undefined ? undefined : linkTarget(path)
  return version === undefined ? undefined : findInstalled(context, toolchain, version)
}

/**
 * The installed version that the link of a range leads to, as long as the link is known to be right: no version came or
 * went since links were last brought in line. To compare versions takes much longer than that.
 */
export function findFreshlyLinked(
  context: Context,
  toolchain: string,
  spec: VersionSpec,
): Installed | undefined {
  const path = linkPath(context, toolchain, spec)
  const link = path === undefined ? undefined : lstatSync(path, {throwIfNoEntry: false})
  const versions = statSync(context.layout.toolchain(toolchain), {throwIfNoEntry: false})
  if (link === undefined || versions === undefined || link.mtimeMs <= versions.mtimeMs) return undefined
  return findLinked(context, toolchain, spec)
}

/** Where the link of a spec is; undefined for one that has none, since its text is no portable name of a file. */
export function linkPath({layout}: Context, toolchain: string, spec: VersionSpec): string | undefined {
  const name = linkName(spec)
  return /^[\w^~][\w.+^~-]{0,127}$/.test(name) ? join(layout.links, toolchain, name) : undefined
}

/** A long-term line (`lts/jod`, `lts/*`) is a tag whose text is no name of a file. */
function linkName({kind, text}: VersionSpec): string {
  return kind === 'tag' ? text.replace('/*', '').replace('/', '+') : text
}

/** The version that a link names; undefined where there is no link. */
export function linkTarget(path: string): string | undefined {
  try {
    return basename(readlinkSync(path))
  } catch {
    return undefined
  }
}
