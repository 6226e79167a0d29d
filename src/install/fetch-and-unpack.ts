import {mkdirSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {partsOf} from '../archive/format.ts'
import {unpack} from '../archive/unpack.ts'
import type {Context} from '../base/context.ts'
import type {Network} from '../fetch/network.ts'
import type {Artifact} from '../source/types.ts'
import type {ConcreteDefinition} from '../toolchain/concrete.ts'
import {bareExecutablePath} from './bare-executable.ts'
import {fetchArchive} from './fetch-archive.ts'
import type {Watcher} from './progress.ts'

export interface Unpacked {
  /** Bytes of the archive. */
  size: number
  files: readonly string[]
  directories: readonly string[]
}

/**
 * One pass: the archive's bytes go through the digest and the decompression into files below `into`,
 * as they arrive. What was unpacked counts only if this resolves.
 * @param into the folder to make, and what is to be in it
 * @throws UserError DEFINITION_INVALID, NETWORK_*, INTEGRITY_MISMATCH, ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the disk as they come
 */
export async function fetchAndUnpack(
  context: Context,
  network: Network,
  artifact: Artifact,
  {into, definition}: {into: string; definition: ConcreteDefinition},
  watcher: Watcher,
): Promise<Unpacked> {
  const {signal} = context
  const {format, strip} = artifact
  const isBare = partsOf(format).container === 'executable'
  const how = {
    format,
    strip,
    into,
    signal,
    ...(isBare && {executable: bareExecutablePath(definition, artifact)}),
  }
  const {result, size} = await fetchArchive(context, network, artifact, watcher, chunks => {
    // An earlier try may have left half a tree.
    rmSync(into, {recursive: true, force: true})
    mkdirSync(dirname(into), {recursive: true})
    return unpack(chunks, how)
  })
  return {...result, size}
}
