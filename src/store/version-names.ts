import {type BigIntStats, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {writeFileAtomic} from '../base/files.ts'
import {listInstalled, namesOfPlaces} from './installed.ts'

/** Below this many versions a look at each costs less than it would to remember them. */
const many = 200

/**
 * The names of the versions of a toolchain, in natural order: `listInstalled` for who only shows them. Where there are
 * hundreds, they are remembered for as long as no version comes or goes.
 * @throws UserError as `listInstalled`
 */
export function listVersionNames(context: Context, toolchain: string): string[] {
  const stamp = stampOf(context.layout.toolchain(toolchain))
  const known = stamp && readNames(context, toolchain, stamp.text)
  if (known) return known
  const names = listInstalled(context, toolchain).map(({version}) => version)
  // What is not complete may become so without a trace in the folder.
  const isWhole = names.length >= many && names.length === namesOfPlaces(context, toolchain).length
  if (isWhole && stamp?.isSettled) writeNames(context, toolchain, {stamp: stamp.text, names})
  return names
}

interface Known {
  /** What the folder was when these were in it. */
  stamp: string
  names: string[]
}

/** What changes whenever a name in a folder does. */
function stampOf(folder: string): {text: string; isSettled: boolean} | undefined {
  const stats = statsIfAny(folder)
  if (stats === undefined) return undefined
  const {dev, ino, mtimeNs, ctimeNs} = stats
  // A change in the same tick of the clock leaves the same stamp; some file systems tick by seconds.
  const tick = mtimeNs % 1_000_000_000n === 0n ? 2000 : 50
  const age = Date.now() - Number(mtimeNs / 1_000_000n)
  return {text: [dev, ino, mtimeNs, ctimeNs].join(' '), isSettled: age > tick}
}

/** Why a folder can't be looked at is told by who lists it. */
function statsIfAny(path: string): BigIntStats | undefined {
  try {
    return statSync(path, {bigint: true})
  } catch {
    return undefined
  }
}

const pathOf = ({layout}: Context, toolchain: string) => join(layout.cache, 'versions', `${toolchain}.json`)

function readNames(context: Context, toolchain: string, stamp: string): string[] | undefined {
  try {
    const known: Known = JSON.parse(readFileSync(pathOf(context, toolchain), 'utf8'))
    return known.stamp === stamp && Array.isArray(known.names) ? known.names : undefined
  } catch {
    return undefined
  }
}

function writeNames(context: Context, toolchain: string, known: Known): void {
  try {
    writeFileAtomic(pathOf(context, toolchain), JSON.stringify(known))
  } catch (error) {
    context.log.debug(`the versions are not remembered: ${messageOf(error)}`)
  }
}
