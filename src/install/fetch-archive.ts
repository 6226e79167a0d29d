import {pathToFileURL} from 'node:url'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Digest} from '../fetch/digest.ts'
import type {Download} from '../fetch/download.ts'
import {checkIsFile} from '../fetch/file-or-page.ts'
import type {Network} from '../fetch/network.ts'
import {prepareVerifier} from '../fetch/verifier.ts'
import type {Artifact} from '../source/types.ts'
import type {Draft} from '../store/archive-draft.ts'
import {archiveCache} from '../store/archives.ts'
import type {Watcher} from './progress.ts'

export interface Fetched<T> {
  /** What the reader made of it. */
  result: T
  /** Bytes of the archive. */
  size: number
}

/** Does something with the bytes of an archive; begins anew where it is called again. */
export type ReadArchive<T> = (chunks: AsyncIterable<Buffer>) => Promise<T>

/**
 * Hands on the bytes of an archive as they arrive: from the cache, where they lie under their digest, else from the network,
 * going on where an earlier process broke off. What the reader made of them counts only if this resolves.
 * @throws UserError INTEGRITY_MISMATCH, INTEGRITY_UNKNOWN, SIGNATURE_INVALID, NETWORK_*; what the reader throws
 */
export async function fetchArchive<T>(
  context: Context,
  network: Network,
  artifact: Artifact,
  watcher: Pick<Watcher, 'bytes'>,
  read: ReadArchive<T>,
): Promise<Fetched<T>> {
  const url = new URL(artifact.url)
  const verifier = await prepareVerifier(network, artifact)
  const work: Work<T> = {context, network, artifact, verifier, watcher, read}
  const cache = url.protocol === 'file:' ? undefined : archiveCache(context, artifact.integrity)
  const cached = cache?.whole()
  if (cached !== undefined) {
    try {
      return await fetchFrom(work, pathToFileURL(cached), undefined)
    } catch (error) {
      if (!isDamage(error)) throw error
      context.log.debug(`the cache of archives: ${error.message}`)
      cache?.drop()
    }
  }
  if (cache === undefined || context.network().keepArchives === false)
    return await fetchFrom(work, url, undefined)
  await using draft = cache.draft()
  try {
    return await fetchFrom(work, url, draft)
  } catch (error) {
    if (isDamage(error)) await draft.discard()
    if (!isDamage(error) || draft.beginning === undefined) throw error
    context.log.debug(`what was left of an earlier download is no use: ${error.message}`)
  }
  await using again = cache.draft()
  return await fetchFrom(work, url, again)
}

interface Work<T> {
  context: Context
  network: Network
  artifact: Artifact
  verifier(): Digest
  watcher: Pick<Watcher, 'bytes'>
  read: ReadArchive<T>
}

function fetchFrom<T>(work: Work<T>, url: URL, draft: Draft | undefined): Promise<Fetched<T>> {
  const {context, network, artifact, verifier, watcher, read} = work
  const {signal} = context
  const beginning = draft?.beginning
  return network.download({url, signal, ...(beginning && {beginning})}, async download => {
    const digest = verifier()
    draft?.begin(download.start, download.validator, artifact.size ?? download.total)
    const total = artifact.size ?? download.total
    const passing = pass(bytesOf(download, draft), digest, received => watcher.bytes(received, total))
    try {
      const result = await read(passing.chunks())
      const size = await passing.rest()
      digest.check(download.url, download.headers['content-encoding'])
      await draft?.keep()
      return {result, size}
    } catch (error) {
      signal.throwIfAborted()
      if (isArchiveError(error)) {
        // That it is the wrong archive is the deeper reason for not being able to unpack it.
        await passing.rest()
        digest.check(download.url, download.headers['content-encoding'])
      }
      throw error
    }
  })
}

/** What is there already, then what comes, which is kept on its way. */
async function* bytesOf(download: Download, draft: Draft | undefined): AsyncGenerator<Buffer, void> {
  if (draft && download.start > 0) yield* draft.read()
  let first = download.start === 0
  for (;;) {
    const {done, value} = await download.chunks.next()
    if (done) return
    if (first) checkIsFile(download, value)
    first = false
    const written = draft?.write(value)
    if (written) await written
    yield value
  }
}

/** The bytes on their way, counted and digested; the reader may stop before they do. */
function pass(source: AsyncIterator<Buffer>, digest: Digest, onBytes: (received: number) => void) {
  let received = 0
  async function next(): Promise<Buffer | undefined> {
    const {done, value} = await source.next()
    if (done) return undefined
    received += value.length
    digest.update(value)
    onBytes(received)
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

/** That it is not what it should be, which may be the fault of what was kept of it. */
function isDamage(error: unknown): error is UserError {
  return error instanceof UserError && ['INTEGRITY_MISMATCH', 'SIGNATURE_INVALID'].includes(error.code)
}

function isArchiveError(error: unknown): boolean {
  return error instanceof UserError && error.code.startsWith('ARCHIVE_')
}
