import {lstatSync, lutimesSync, mkdirSync, rmSync, statSync, symlinkSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {rename} from '../base/rename.ts'
import {parseSpec, type VersionSpec} from '../version/spec.ts'
import {storeError} from './errors.ts'
import {findInstalled, namesIn} from './installed.ts'
import {findFreshlyLinked, linkPath, linkTarget} from './linked.ts'
import {lockVersion} from './lock.ts'
import {newestInstalled} from './newest.ts'

/** Longer than the clock of a file system takes to go on, in ms: of one that counts in ticks of the kernel, and in seconds. */
const tick = {fine: 50, coarse: 2000}

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
    const seen = settledChange(context, toolchain)
    for (const name of namesIn(context, folder)) move(context, toolchain, join(folder, name), seen)
    if (asked) linkAsked(context, toolchain, asked, seen)
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

function linkAsked(context: Context, toolchain: string, {spec, version}: Meaning, seen: number): void {
  const path = pathFor(context, toolchain, spec)
  const target = spec.kind === 'range' ? newest(context, toolchain, spec) : version
  if (path === undefined || target === undefined || !findInstalled(context, toolchain, target)) return
  point(path, toolchain, target)
  touch(path, seen)
}

function move(context: Context, toolchain: string, path: string, seen: number): void {
  const known = linkTarget(path)
  if (known === undefined) return
  const spec = parseSpec(basename(path))
  const wanted = spec.kind === 'range' ? newest(context, toolchain, spec) : known
  if (wanted === undefined || !findInstalled(context, toolchain, wanted)) rmSync(path, {force: true})
  else if (wanted !== known) point(path, toolchain, wanted)
  touch(path, seen)
}

/**
 * When versions last came or went, in ms since 1970, read before they are; 0 if that was just now, since another change
 * in the same tick of the file system's clock would bear the same time.
 */
function settledChange({layout}: Context, toolchain: string): number {
  const changed = statSync(layout.toolchain(toolchain), {throwIfNoEntry: false})?.mtimeMs ?? 0
  const wait = changed % 1000 === 0 ? tick.coarse : tick.fine
  return Date.now() - changed < wait ? 0 : changed
}

/** Says for which versions a link is right, by the time after their last change; 0: for none that are known. */
function touch(path: string, seen: number): void {
  if (lstatSync(path, {throwIfNoEntry: false}) === undefined) return
  const time = seen === 0 ? 0 : (seen + 1) / 1000
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
  rename(staged, path)
}
