import {mkdirSync, rmSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Readable} from 'node:stream'
import {partsOf} from '../archive/format.ts'
import {unpack} from '../archive/unpack.ts'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {createDigest, type Digest} from '../fetch/digest.ts'
import type {Network} from '../fetch/network.ts'
import type {Answer} from '../fetch/types.ts'
import type {Artifact} from '../source/types.ts'
import type {ConcreteDefinition} from '../toolchain/concrete.ts'
import {bareExecutablePath} from './bare-executable.ts'
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
  {signal}: Context,
  network: Network,
  artifact: Artifact,
  {into, definition}: {into: string; definition: ConcreteDefinition},
  watcher: Watcher,
): Promise<Unpacked> {
  const url = new URL(artifact.url)
  const {format, strip} = artifact
  const isBare = partsOf(format).container === 'executable'
  const how = {format, strip, into, signal, ...(isBare && {executable: bareExecutablePath(definition)})}
  return network.get({url, signal}, async answer => {
    // An earlier try may have left half a tree.
    rmSync(into, {recursive: true, force: true})
    mkdirSync(dirname(into), {recursive: true})
    const digest = createDigest(artifact.integrity)
    const passing = pass(answer, digest, artifact.size, watcher)
    try {
      const {files, directories} = await unpack(passing.chunks(), how)
      const size = await passing.rest()
      digest.check(url)
      return {size, files, directories}
    } catch (error) {
      signal.throwIfAborted()
      if (isArchiveError(error)) {
        // That it is the wrong archive is the deeper reason for not being able to unpack it.
        await passing.rest()
        digest.check(url)
      }
      throw error
    }
  })
}

/** The bytes of an answer on their way, counted and digested; the unpacking may stop before they do. */
function pass({body, headers}: Answer, digest: Digest, size: number | undefined, watcher: Watcher) {
  const total = size ?? lengthOf(headers)
  const source: AsyncIterator<Buffer> = (body as Readable).iterator({destroyOnReturn: false})
  let received = 0
  async function next(): Promise<Buffer | undefined> {
    const {done, value} = await source.next()
    if (done) return undefined
    received += value.length
    digest.update(value)
    watcher.bytes(received, total)
    return value
  }
  return {
    async *chunks() {
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk
    },
    /** Reads on to the end. */
    async rest(): Promise<number> {
      while ((await next()) !== undefined);
      return received
    },
  }
}

function isArchiveError(error: unknown): boolean {
  return error instanceof UserError && error.code.startsWith('ARCHIVE_')
}

function lengthOf(headers: Answer['headers']): number | undefined {
  const length = Number(headers['content-length'])
  return Number.isSafeInteger(length) && length > 0 ? length : undefined
}
