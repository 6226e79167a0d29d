import {mkdirSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import {unpack} from '../archive/unpack.ts'
import type {Context} from '../base/context.ts'
import type {Network} from '../fetch/network.ts'
import type {Artifact} from '../source/types.ts'
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
 */
export async function fetchAndUnpack(
  context: Context,
  network: Network,
  artifact: Artifact,
  into: string,
  watcher: Watcher,
): Promise<Unpacked> {
  const {signal} = context
  const {result, size} = await fetchArchive(context, network, artifact, watcher, chunks => {
    // An earlier try may have left half a tree.
    rmSync(into, {recursive: true, force: true})
    mkdirSync(dirname(into), {recursive: true})
    return unpack(chunks, {...artifact, into, signal})
  })
  return {...result, size}
}
