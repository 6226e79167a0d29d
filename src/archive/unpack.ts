import {mkdirSync} from 'node:fs'
import type {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGunzip} from 'node:zlib'
import {errnoOf} from '../base/errors.ts'
import {corrupt, unsafe} from './errors.ts'
import type {ArchiveFormat} from './format.ts'
import {createMeter, defaultLimits, type Limits} from './limits.ts'
import {tarWriter} from './tar.ts'
import {createTree, type TreeSummary} from './tree.ts'

export interface UnpackOptions {
  format: ArchiveFormat
  /** How many leading directories of every entry are dropped. */
  strip: number
  /** The folder to make and to fill; nothing is ever written outside it. */
  into: string
  signal?: AbortSignal
  limits?: Partial<Limits>
}

/**
 * Unpacks an archive in one pass, while it arrives. What it leaves in `into` after a failure is for
 * the caller to remove.
 * @throws UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the disk and of the input as they come
 */
export async function unpack(
  archive: AsyncIterable<Uint8Array>,
  {format, strip, into, signal, limits}: UnpackOptions,
): Promise<TreeSummary> {
  mkdirSync(into)
  const meter = createMeter({...defaultLimits, ...limits})
  const tree = createTree(into)
  async function* counted() {
    for await (const chunk of archive) {
      meter.packed(chunk.length)
      yield chunk
    }
  }
  try {
    await pipeline(counted(), (decompressors[format] ?? createGunzip)(), tarWriter(tree, meter, strip), {
      ...(signal && {signal}),
    })
    return tree.finish()
  } catch (error) {
    signal?.throwIfAborted()
    throw inWords(error)
  } finally {
    tree.close()
  }
}

const decompressors: Partial<Record<ArchiveFormat, () => Transform>> = {
  'tar.gz': () => createGunzip({chunkSize: 256 * 1024}),
}

function inWords(error: unknown): unknown {
  const errno = errnoOf(error) ?? ''
  if (errno.startsWith('Z_')) return corrupt(`its compression (${errno})`, error)
  if (errno === 'ENAMETOOLONG') return unsafe('a name that is too long')
  // All is new below the target: so the file system takes different names for the same.
  if (errno === 'EEXIST') return unsafe('two entries that are one to this file system')
  return error
}
