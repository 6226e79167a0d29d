import {createReadStream, statSync} from 'node:fs'
import {open, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {makeDirectory} from '../base/files.ts'
import {strongestDigest} from '../base/integrity.ts'
import {createDigest} from '../fetch/digest.ts'
import type {Network} from '../fetch/network.ts'
import {fetchArchive} from '../install/fetch-archive.ts'
import type {Watcher} from '../install/progress.ts'
import {blobPath} from '../source/directory-index.ts'
import type {Artifact} from '../source/types.ts'

export interface Blob {
  /** What it lies under. */
  integrity: string
  /** Bytes. */
  size: number
  fresh: boolean
}

/**
 * Puts the archive of an artifact below a mirror's folder, under the digest that its source promised; under SHA-512 where
 * that is too weak to name a file by. What is there and whole stays.
 * @throws UserError INTEGRITY_MISMATCH, INTEGRITY_UNKNOWN, NETWORK_*; those of the disk as they come
 */
export async function mirrorBlob(
  context: Context,
  network: Network,
  artifact: Artifact,
  directory: string,
  watcher: Watcher,
): Promise<Blob> {
  const named = nameOf(artifact.integrity)
  const known = named === undefined ? undefined : await wholeBlob(directory, named)
  if (known !== undefined) return {...known, fresh: false}
  watcher.phase('downloading')
  const folder = join(directory, 'blobs')
  makeDirectory(folder)
  const staged = join(folder, `.staged-${process.pid}-${process.hrtime.bigint().toString(36)}`)
  try {
    const {integrity, size} = await download(context, network, artifact, staged, watcher)
    const blob = {integrity: named ?? integrity, size, fresh: true}
    const path = join(directory, blobPath(blob.integrity))
    makeDirectory(dirname(path))
    await rename(staged, path)
    return blob
  } finally {
    await rm(staged, {force: true})
  }
}

/** A digest that a blob can lie under. */
function nameOf(integrity: string): string | undefined {
  const strongest = strongestDigest(integrity)
  return strongest !== undefined && /^sha(?:256|512)-/.test(strongest) ? strongest : undefined
}

/** One whose bytes are not those of its name is as good as none. */
async function wholeBlob(directory: string, integrity: string): Promise<Omit<Blob, 'fresh'> | undefined> {
  const path = join(directory, blobPath(integrity))
  const stats = statSync(path, {throwIfNoEntry: false})
  if (!stats?.isFile()) return undefined
  const digest = createDigest(integrity)
  for await (const chunk of createReadStream(path)) digest.update(chunk)
  try {
    digest.check(pathToFileURL(path))
    return {integrity, size: stats.size}
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The bytes, checked against what was promised, safely on disk. */
async function download(
  context: Context,
  network: Network,
  artifact: Artifact,
  path: string,
  watcher: Watcher,
): Promise<Omit<Blob, 'fresh'>> {
  const {createHash} = process.getBuiltinModule('node:crypto')
  const {result, size} = await fetchArchive(context, network, artifact, watcher, async chunks => {
    const own = createHash('sha512')
    await using file = await open(path, 'w', 0o644)
    for await (const chunk of chunks) {
      own.update(chunk)
      await file.writeFile(chunk)
    }
    watcher.phase('storing')
    await file.sync()
    return `sha512-${own.digest('base64')}`
  })
  return {integrity: result, size}
}
