import {lstatSync, lutimesSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {parseSpec, type VersionSpec} from '../version/spec.ts'
import {storeError} from './errors.ts'
import {findInstalled, namesIn} from './installed.ts'
import {findFreshlyLinked, linkPath, linkTarget} from './linked.ts'
import {lockVersion} from './lock.ts'
import {newestInstalled} from './newest.ts'

/** What a person asked for, and the version that it means. */
export interface Meaning {
  spec: VersionSpec
  version: string
}

/**
 * Brings the links of a toolchain in line with what is installed: those of ranges to the newest version that satisfies
 * them, those of tags stay, and what has no version any more is removed. What was asked for gets its link.
 * @throws UserError PERMISSION_DENIED, READ_ONLY, DISK_FULL; the signal's reason
 */
export async function updateLinks(context: Context, toolchain: string, asked?: Meaning): Promise<void> {
  // Who comes second sees what the first installed, so the last one to write is right.
  await using _lock = await lockVersion(context, toolchain, '.links')
  try {
    const folder = join(context.layout.links, toolchain)
    for (const name of namesIn(context, folder)) move(context, toolchain, join(folder, name))
    if (asked) linkAsked(context, toolchain, asked)
  } catch (error) {
    throw storeError(error, context.layout)
  }
}

/** The toolchains that have links. */
export function linkedToolchains(context: Context): string[] {
  return namesIn(context, context.layout.links)
}

/** Whether the link of what was asked for is as it should be, or needs none. */
export function isLinked(context: Context, toolchain: string, {spec, version}: Meaning): boolean {
  const path = pathFor(context, toolchain, spec)
  if (path === undefined) return true
  if (spec.kind !== 'range') return linkTarget(path) === version
  const fresh = findFreshlyLinked(context, toolchain, spec)
  return (fresh?.version ?? newest(context, toolchain, spec)) === linkTarget(path)
}

function linkAsked(context: Context, toolchain: string, {spec, version}: Meaning): void {
  const path = pathFor(context, toolchain, spec)
  const target = spec.kind === 'range' ? newest(context, toolchain, spec) : version
  if (path === undefined || target === undefined || !findInstalled(context, toolchain, target)) return
  point(path, toolchain, target)
  touch(context, toolchain, path)
}

function move(context: Context, toolchain: string, path: string): void {
  const known = linkTarget(path)
  if (known === undefined) return
  const spec = parseSpec(basename(path))
  const wanted = spec.kind === 'range' ? newest(context, toolchain, spec) : known
  if (wanted === undefined || !findInstalled(context, toolchain, wanted)) rmSync(path, {force: true})
  else if (wanted !== known) point(path, toolchain, wanted)
  touch(context, toolchain, path)
}

/** Says that a link is right for the versions that there are now, by a time after their last change. */
function touch({layout}: Context, toolchain: string, path: string): void {
  const changed = statSync(layout.toolchain(toolchain), {throwIfNoEntry: false})
  if (changed === undefined || lstatSync(path, {throwIfNoEntry: false}) === undefined) return
  const time = Math.max(Date.now(), changed.mtimeMs + 1) / 1000
  lutimesSync(path, time, time)
}

/** An exact version is its own folder. */
function pathFor(context: Context, toolchain: string, spec: VersionSpec): string | undefined {
  return spec.kind === 'tag' || spec.kind === 'range' ? linkPath(context, toolchain, spec) : undefined
}

function newest(context: Context, toolchain: string, spec: VersionSpec): string | undefined {
  return newestInstalled(context, toolchain, spec)?.version
}

/** By one rename, so that at any time the old or the new link is there. */
function point(path: string, toolchain: string, version: string): void {
  const staged = join(dirname(path), `.${basename(path)}.${process.pid}`)
  mkdirSync(dirname(path), {recursive: true})
  rmSync(staged, {force: true})
  // Windows lets everybody make junctions; elsewhere the word means nothing.
  symlinkSync(join('..', '..', 'versions', toolchain, version), staged, 'junction')
  if (process.platform === 'win32') rmSync(path, {force: true})
  renameSync(staged, path)
}
