import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  type WriteStream,
} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {namesIn} from '../base/names-in.ts'
import {quietly} from './archive-folder.ts'
import {freeName, isAbandoned, labelOf, ownedName} from './owned-name.ts'

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

/** Of what the disk has free, what may go into the cache: the unpacked version needs much more. */
const share = 1 / 16
/** Bytes of an archive whose server doesn't say. */
const guess = 64 * 1024 * 1024

/** Where it will lie. */
export interface Place {
  folder: string
  label: string
  path: string
}

/** Takes up what a dead process left of the archive, or begins anew. */
export function createDraft(context: Context, {folder, label, path}: Place): Draft {
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
      // Some systems move no file that is open.
      closing.once('close', () => closed(closing.errored === null))
      closing.end()
    })
  const remove = () => quietly(context, () => rmSync(own, {recursive: true, force: true, maxRetries: 3}))
  let [untouched, resumable] = [beginning !== undefined, false]
  return {
    beginning,
    read: () => createReadStream(bytesPath, {highWaterMark: 1 << 18, end: (beginning?.bytes ?? 1) - 1}),
    begin(start, validator, total) {
      file?.destroy()
      file = undefined
      untouched = false
      resumable = validator !== undefined
      try {
        mkdirSync(own, {recursive: true})
        if ((total ?? guess) > freeBytes(folder) * share) return
        // What is still being written goes to the old file, not into the new one.
        if (start === 0) rmSync(bytesPath, {force: true})
        writeFileAtomic(aboutPath, JSON.stringify({schema: 1, validator}))
        file = createWriteStream(bytesPath, {
          highWaterMark: 1 << 19,
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
      untouched = false
      resumable = false
      remove()
    },
    async [Symbol.asyncDispose]() {
      const whole = await close()
      // Whoever needs it next goes on from here.
      if (untouched || (whole && resumable))
        quietly(context, () => renameSync(own, join(folder, freeName(label))))
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

function freeBytes(folder: string): number {
  const {bavail, bsize} = statfsSync(folder)
  return bavail * bsize
}
