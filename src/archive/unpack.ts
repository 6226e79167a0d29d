import {createWriteStream, mkdirSync, rmSync} from 'node:fs'
import type {Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {errnoOf} from '../base/errors.ts'
import {decompression} from './decompress.ts'
import {corrupt, unsafe} from './errors.ts'
import {executableWriter} from './executable.ts'
import {type ArchiveFormat, type Compression, partsOf} from './format.ts'
import {createInput} from './input.ts'
import {createMeter, defaultLimits, type Limits, type Meter} from './limits.ts'
import {tarWriter} from './tar.ts'
import {createTree, type TreeSummary} from './tree.ts'

export interface UnpackOptions {
  format: ArchiveFormat
  /** How many leading directories of every entry are dropped. */
  strip: number
  /** Where the program goes, relative to `into`, if the format is that of a bare executable. */
  executable?: string
  /** The folder to make and to fill; nothing is ever written outside it, but a zip file for a while beside it. */
  into: string
  signal?: AbortSignal
  limits?: Partial<Limits>
}

/**
 * Unpacks an archive in one pass, while it arrives; a zip file, whose table is at its end, when it is there. What it leaves
 * in `into` after a failure is for the caller to remove.
 * @throws UserError ARCHIVE_UNSAFE, ARCHIVE_CORRUPT; errors of the disk and of the input as they come
 */
export async function unpack(
  archive: AsyncIterable<Uint8Array>,
  {format, strip, executable = '', into, signal, limits}: UnpackOptions,
): Promise<TreeSummary> {
  mkdirSync(into)
  const meter = createMeter({...defaultLimits, ...limits})
  const tree = createTree(into, meter)
  const {container, compression} = partsOf(format)
  const pour = (to: Writable) => decompressInto(archive, compression, to, meter, signal)
  try {
    if (container === 'tar') await pour(tarWriter(tree, meter, strip))
    if (container === 'executable') await pour(executableWriter(tree, meter, executable))
    if (container === 'zip') {
      const {unzip} = await import('./zip.ts')
      await viaFile(`${into}.zip`, pour, file => unzip(file, {tree, meter, strip, signal}))
    }
    return tree.finish()
  } catch (error) {
    signal?.throwIfAborted()
    throw inWords(error)
  } finally {
    tree.close()
  }
}

async function decompressInto(
  archive: AsyncIterable<Uint8Array>,
  compression: Compression | undefined,
  to: Writable,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<void> {
  const {stages, consumed, padding} = await decompression(compression)
  const input = createInput(archive, meter)
  await pipeline([input.bytes(consumed), ...stages, to], {...(signal && {signal})})
  await input.expectEnd(consumed(), padding)
}

async function viaFile(
  path: string,
  pour: (to: Writable) => Promise<void>,
  use: (path: string) => Promise<void>,
): Promise<void> {
  try {
    await pour(createWriteStream(path, {flags: 'wx', mode: 0o600}))
    await use(path)
  } finally {
    rmSync(path, {force: true, maxRetries: 3})
  }
}

function inWords(error: unknown): unknown {
  const errno = errnoOf(error) ?? ''
  if (errno === 'ZSTD_error_frameParameter_windowTooLarge') {
    return unsafe('unpacking it takes more memory than 128 MiB')
  }
  if (errno === 'Z_BUF_ERROR') return corrupt('it is cut short', error)
  if (/^(?:Z_|ZSTD_|ERR__ERROR_|ERR_BUFFER_TOO_LARGE$)/.test(errno)) {
    return corrupt(`it can not be decompressed (${errno})`, error)
  }
  if (errno === 'ENAMETOOLONG') return unsafe('a name that is too long')
  // All is new below the target: so the file system takes different names for the same.
  if (errno === 'EEXIST') return unsafe('two entries that are one to this file system')
  return error
}
