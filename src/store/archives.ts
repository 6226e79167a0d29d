import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  type WriteStream,
} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {strongestDigest} from '../base/integrity.ts'
import {freeName, isAbandoned, labelOf, ownedName} from './owned-name.ts'

/** Archives by digest, whole ones and those whose download broke off. What goes wrong here costs time only. */
export interface ArchiveCache {
  /** The path of a whole one; its bytes are still to be checked. */
  whole(): string | undefined
  /** A damaged one is as good as none. */
  drop(): void
  /** A place for one that arrives, with what an earlier process left of it. */
  draft(): Draft
}

/** An archive on its way into the cache. */
export interface Draft extends AsyncDisposable {
  /** What is there already, and what the rest can be asked for by. */
  readonly beginning: {bytes: number; validator: string} | undefined
  /** The bytes that are there already. */
  read(): AsyncIterable<Buffer>
  /** What is to come begins at this byte; `total` is how many there will be. */
  begin(start: number, validator: string | undefined, total: number | undefined): void
  /** Resolves once the next may come. */
  write(chunk: Buffer): Promise<void> | undefined
  /** All is there, and it is as promised. */
  keep(): Promise<void>
  /** What is there is no use. */
  discard(): Promise<void>
}

/** Ms after which what nobody used goes. */
const forgotten = 30 * 24 * 60 * 60_000
/** Ms after which what was left half is not taken up again. */
const abandoned = 7 * 24 * 60 * 60_000
/** Of what the disk has free, what may go into the cache: the unpacked version needs much more. */
const share = 1 / 16
/** Bytes of an archive whose server doesn't say. */
const guess = 64 * 1024 * 1024

/** The cache for one archive; undefined where its digest names no file. */
export function archiveCache(context: Context, integrity: string): ArchiveCache | undefined {
  const digest = strongestDigest(integrity)
  if (digest === undefined) return undefined
  const [algorithm = '', base64 = ''] = digest.split(/-(.*)/s)
  const label = `${algorithm}-${Buffer.from(base64, 'base64').toString('hex')}`
  const folder = join(context.layout.cache, 'archives')
  const path = join(folder, label)
  return {
    whole: () => (isFile(path) ? used(path) : undefined),
    drop: () => quietly(context, () => rmSync(path, {force: true})),
    draft: () => createDraft(context, {folder, label, path}),
  }
}

interface Place {
  folder: string
  label: string
  path: string
}

function createDraft(context: Context, {folder, label, path}: Place): Draft {
  sweep(context, folder)
  const own = join(folder, ownedName(label))
  const [bytesPath, aboutPath] = [join(own, 'bytes'), join(own, 'about.json')]
  const beginning = takeOver(folder, label, own) ? readBeginning(aboutPath, bytesPath) : undefined
  let file: WriteStream | undefined
  const fail = (error: unknown) => {
    context.log.debug(`the archive is not cached: ${messageOf(error)}`)
    file?.destroy()
    file = undefined
  }
  const close = () =>
    new Promise<boolean>(closed => {
      const closing = file
      file = undefined
      if (closing === undefined || closing.destroyed) return closed(false)
      closing.end((error?: Error | null) => closed(!error))
      closing.once('error', () => closed(false))
    })
  const remove = () => quietly(context, () => rmSync(own, {recursive: true, force: true, maxRetries: 3}))
  let resumable = beginning !== undefined
  return {
    beginning,
    read: () => createReadStream(bytesPath, {highWaterMark: 1 << 18, end: (beginning?.bytes ?? 1) - 1}),
    begin(start, validator, total) {
      file?.destroy()
      file = undefined
      resumable = validator !== undefined
      try {
        mkdirSync(own, {recursive: true})
        if ((total ?? guess) > freeBytes(folder) * share) return
        writeFileAtomic(aboutPath, JSON.stringify({schema: 1, validator}))
        file = createWriteStream(bytesPath, {
          highWaterMark: 1 << 22,
          ...(start > 0 ? {flags: 'r+', start} : {flags: 'w'}),
        })
        file.on('error', fail)
      } catch (error) {
        fail(error)
      }
    },
    write(chunk) {
      const into = file
      if (into === undefined || into.write(chunk)) return undefined
      return new Promise(resolve => {
        into.once('drain', resolve)
        into.once('close', resolve)
      })
    },
    async keep() {
      if (!(await close())) return
      quietly(context, () => renameSync(bytesPath, path))
      resumable = false
    },
    async discard() {
      await close()
      resumable = false
      remove()
    },
    async [Symbol.asyncDispose]() {
      const whole = await close()
      // Whoever needs it next goes on from here.
      if (whole && resumable) quietly(context, () => renameSync(own, join(folder, freeName(label))))
      else remove()
    },
  }
}

/** Makes what a dead process left of the same archive one's own: by one rename, so that only one succeeds. */
function takeOver(folder: string, label: string, own: string): boolean {
  return namesIn(folder)
    .filter(name => labelOf(name) === label && isAbandoned(name))
    .some(name => {
      try {
        renameSync(join(folder, name), own)
        return true
      } catch {
        return false
      }
    })
}

function readBeginning(aboutPath: string, bytesPath: string): Draft['beginning'] {
  try {
    const {schema, validator} = JSON.parse(readTextIfAny(aboutPath) ?? 'null') ?? {}
    const bytes = statSync(bytesPath).size
    return schema === 1 && typeof validator === 'string' && bytes > 0 ? {bytes, validator} : undefined
  } catch {
    return undefined
  }
}

/** Removes archives that nobody used for a month, and what was begun a week ago and never taken up again. */
function sweep(context: Context, folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    const age = Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now())
    const old = labelOf(name) === undefined ? age > forgotten : age > abandoned && isAbandoned(name)
    if (old) quietly(context, () => rmSync(path, {recursive: true, force: true}))
  }
}

/** Its time of change says when it was last of use. */
function used(path: string): string {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Somebody else's, or read-only: it serves all the same.
  }
  return path
}

function freeBytes(folder: string): number {
  const {bavail, bsize} = statfsSync(folder)
  return bavail * bsize
}

function isFile(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isFile() === true
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function quietly({log}: Context, work: () => void): void {
  try {
    work()
  } catch (error) {
    log.debug(`the cache of archives: ${messageOf(error)}`)
  }
}
