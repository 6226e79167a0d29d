import type {Attempts} from './attempts.ts'
import {broken} from './errors.ts'
import {type Opened, openTransfer, type Way} from './transfer.ts'
import type {Answer} from './types.ts'

/** What is there of a file from an earlier, broken download. */
export interface Beginning {
  /** How many there are. */
  bytes: number
  /** A strong ETag or a date of modification: the server is asked for the rest only of the same file. */
  validator: string
}

/** A file that is on its way. */
export interface Download {
  /** Where its bytes come from at first; a later part may come from another mirror. */
  url: URL
  headers: Answer['headers']
  /** At which byte it begins: 0, or what is there already. */
  start: number
  /** Bytes of the whole file, where the server says so. */
  total: number | undefined
  /** What the rest can be asked for by, should this break off; undefined where the server can't be. */
  validator: string | undefined
  /** May be read once. Goes on over a connection that breaks off. */
  chunks: AsyncIterator<Buffer>
}

/**
 * Gets a file whose bytes the reader checks as a whole. A transfer that breaks off goes on where it was, on another mirror
 * if there is one, where the server says that it is the same file still; else `read` begins anew.
 */
export async function download<T>(
  way: Way,
  attempts: Attempts,
  {signal, beginning}: {signal: AbortSignal; beginning?: Beginning | undefined},
  read: (download: Download) => Promise<T>,
): Promise<T> {
  let part = await openPart(way, attempts, signal, beginning)
  for (;;) {
    const first = part
    const parts = partsFrom(way, attempts, signal, first)
    try {
      const {url, headers} = first.opened.answer
      const {start, total, validator} = first
      return await read({url, headers, start, total, validator, chunks: parts.chunks()})
    } catch (error) {
      if (!(error instanceof StartOver)) throw error
      part = error.part
    } finally {
      parts.close()
    }
  }
}

/** Not from where it was, but from the start: the server has another file now, or can't tell. */
class StartOver extends Error {
  readonly part: Part
  constructor(part: Part) {
    super('the download starts over')
    this.part = part
  }
}

interface Part {
  opened: Opened
  start: number
  total: number | undefined
  validator: string | undefined
}

function partsFrom(way: Way, attempts: Attempts, signal: AbortSignal, first: Part) {
  let part = first
  let at = first.start
  async function* whole(): AsyncGenerator<Buffer, void> {
    for await (const chunk of part.opened.answer.body) {
      at += chunk.length
      yield chunk
    }
    if (part.total !== undefined && at !== part.total) throw broken(part.opened.answer.url)
  }
  return {
    async *chunks(): AsyncGenerator<Buffer, void> {
      for (;;) {
        try {
          return yield* whole()
        } catch (error) {
          const named = await part.opened.named(error)
          part.opened[Symbol.dispose]()
          attempts.reached(at)
          await attempts.failed(named)
          const {validator} = part
          const rest = await openPart(way, attempts, signal, validator ? {bytes: at, validator} : undefined)
          // Who reads has these bytes already, of a file that may be another.
          if (rest.start !== at) throw new StartOver(rest)
          part = rest
        }
      }
    },
    close: () => part.opened[Symbol.dispose](),
  }
}

/** The rest of a file, or all of it. */
async function openPart(
  way: Way,
  attempts: Attempts,
  signal: AbortSignal,
  beginning: Beginning | undefined,
): Promise<Part> {
  let known = beginning
  for (;;) {
    try {
      const headers = {
        // What is digested is the file as it is.
        'accept-encoding': 'identity',
        ...(known && {range: `bytes=${known.bytes}-`, 'if-range': known.validator}),
      }
      const opened = await openTransfer(way, {url: attempts.url, headers, signal})
      const part = partOf(opened, known)
      if (part !== undefined) return part
      opened[Symbol.dispose]()
      known = undefined
    } catch (error) {
      await attempts.failed(error)
    }
  }
}

/** Undefined where the answer is no use: another part than was asked for. */
function partOf(opened: Opened, beginning: Beginning | undefined): Part | undefined {
  const {status, headers} = opened.answer
  const validator = validatorOf(headers)
  if (status === 200) return {opened, start: 0, total: lengthOf(headers['content-length']), validator}
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  if (status !== 206 || Number(start) !== beginning?.bytes) return undefined
  if (isOther(headers, beginning.validator)) return undefined
  return {opened, start: beginning.bytes, total: lengthOf(total), validator: validator ?? beginning.validator}
}

/** Whether it says itself that it is of another file: not every server and cache knows `If-Range`. */
function isOther({etag, 'last-modified': date}: Answer['headers'], validator: string): boolean {
  const now = validator.startsWith('"') ? etag : date
  return now !== undefined && now !== validator
}

/** What `If-Range` takes: an ETag that is not weak, or else a date. */
function validatorOf({etag, 'last-modified': date}: Answer['headers']): string | undefined {
  return etag?.startsWith('"') ? etag : date
}

function lengthOf(text: string | undefined): number | undefined {
  const length = Number(text ?? Number.NaN)
  return Number.isSafeInteger(length) && length > 0 ? length : undefined
}
