import {existsSync, lstatSync, type Stats} from 'node:fs'
import {join, sep} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {namesIn} from '../base/names-in.ts'
import {readReceipt} from './receipt.ts'
import type {Installed} from './types.ts'

/** A size that was measured, of the version that was installed then. */
interface Measured {
  date: string
  bytes: number
}

type Sizes = Record<string, Measured>

/**
 * Bytes that versions take on the disk, in their order. One that we installed never changes, so it is measured once;
 * one that a person put there each time, and of one that is linked nothing is here but the link.
 */
export function sizesOf(context: Context, installed: readonly Installed[]): number[] {
  const known = readSizes(context)
  const measured: Sizes = {}
  const sizes = installed.map(one => {
    const date = readReceipt(one)?.date
    if (date === undefined) return isLink(one.directory) ? 0 : sizeOf(one.directory)
    const name = nameOf(one)
    const before = known[name]
    const now = before?.date === date && before.bytes >= 0 ? before : {date, bytes: sizeOf(one.directory)}
    measured[name] = now
    return now.bytes
  })
  const isNews = Object.entries(measured).some(([name, one]) => known[name] !== one)
  if (isNews) writeSizes(context, {...stillThere(context, known), ...measured})
  return sizes
}

const nameOf = ({toolchain, version}: Installed) => `${toolchain}/${version}`

/** Bytes that a file takes, or a folder with everything below it. Links are not followed; what can't be looked at counts nothing. */
export function sizeOf(path: string): number {
  return measure(path, new Set())
}

/** @param counted the files that have a second name, which count once */
function measure(path: string, counted: Set<number>): number {
  const stats = statsIfAny(path)
  if (stats === undefined) return 0
  if (stats.isDirectory()) {
    return namesIn(path).reduce((sum, name) => sum + measure(path + sep + name, counted), 0)
  }
  if (stats.nlink > 1) {
    if (counted.has(stats.ino)) return 0
    counted.add(stats.ino)
  }
  // Windows counts no blocks, and a file system may not have handed them out yet.
  return stats.blocks ? stats.blocks * 512 : stats.size
}

function isLink(path: string): boolean {
  return statsIfAny(path)?.isSymbolicLink() ?? false
}

function statsIfAny(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

const pathOf = ({layout}: Context) => join(layout.cache, 'sizes.json')

function readSizes(context: Context): Sizes {
  try {
    const {schema, sizes} = JSON.parse(readTextIfAny(pathOf(context)) ?? '{}')
    return schema === 1 && typeof sizes === 'object' && sizes !== null ? sizes : {}
  } catch {
    return {}
  }
}

function stillThere({layout}: Context, sizes: Sizes): Sizes {
  return Object.fromEntries(Object.entries(sizes).filter(([name]) => existsSync(join(layout.versions, name))))
}

/** Of two at once the last one wins: what the other measured is measured again. */
function writeSizes(context: Context, sizes: Sizes): void {
  try {
    writeFileAtomic(pathOf(context), JSON.stringify({schema: 1, sizes}))
  } catch (error) {
    context.log.debug(`the sizes are not cached: ${messageOf(error)}`)
  }
}
