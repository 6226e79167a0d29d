import {createHash} from 'node:crypto'
import {copyFileSync, mkdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {z} from 'zod'
import {archiveFormats} from '../archive/format.ts'
import {writeFileAtomic} from '../base/files.ts'
import {executables} from '../model/source-definition.ts'

/** The digest that names a blob: SHA-256 or SHA-512 in the form of subresource integrity. */
const blob = z.string().regex(/^(?:sha256-[A-Za-z0-9+/]{43}=|sha512-[A-Za-z0-9+/]{86}==)$/)

const artifact = z.strictObject({
  /** Name of the platform, such as `linux-x64`; absent: for any. */
  platform: z.string().optional(),
  blob,
  /** Bytes of the blob. */
  size: z.int().nonnegative(),
  format: z.enum(archiveFormats),
  /** How many leading directories of every entry are dropped. */
  strip: z.int().nonnegative(),
  /** What is in it, where that is not what the definition of the toolchain has for all sources. */
  executables: executables.optional(),
})

/**
 * The `index.json` of a folder that offers one toolchain, by files alone: beside it lies each archive,
 * under its digest. Any web server can serve it as it is.
 */
export const directoryIndex = z.strictObject({
  versions: z.record(z.string(), z.strictObject({artifacts: z.array(artifact).min(1)})),
  tags: z.record(z.string(), z.string()),
})

export type DirectoryIndex = z.infer<typeof directoryIndex>
export type DirectoryArtifact = z.infer<typeof artifact>

/** Path of a blob in its folder. */
export function blobPath(integrity: string): string {
  const [algorithm = '', digest = ''] = integrity.split(/-(.*)/s)
  return `blobs/${algorithm}/${Buffer.from(digest, 'base64').toString('hex')}`
}

/** One archive to be offered, still wherever it was packed. */
export interface Offer extends Omit<DirectoryArtifact, 'blob' | 'size'> {
  version: string
  file: string
}

/** Writes a folder that a `directory` source reads: the archives' blobs, then the index. */
export function writeDirectoryIndex(
  directory: string,
  offers: readonly Offer[],
  tags: Readonly<Record<string, string>>,
): void {
  const index: DirectoryIndex = {versions: {}, tags: {...tags}}
  for (const {version, file, ...how} of offers) {
    const bytes = readFileSync(file)
    const integrity = `sha256-${createHash('sha256').update(bytes).digest('base64')}`
    const path = join(directory, blobPath(integrity))
    mkdirSync(dirname(path), {recursive: true})
    copyFileSync(file, path)
    index.versions[version] ??= {artifacts: []}
    index.versions[version].artifacts.push({...how, blob: integrity, size: bytes.length})
  }
  saveDirectoryIndex(directory, index)
}

/** Replaces the index of a folder by one rename. */
export function saveDirectoryIndex(directory: string, index: DirectoryIndex): void {
  const text = `${JSON.stringify(directoryIndex.parse(index), undefined, 2)}\n`
  writeFileAtomic(join(directory, 'index.json'), text)
}
