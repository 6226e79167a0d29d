import {isUtf8} from 'node:buffer'
import {maxFrameBytes} from '../model/wire.ts'
import {IpcError} from './errors.ts'

const maxHeaderBytes = 4096
const headerEnd = Buffer.from('\r\n\r\n')

/** Takes bytes in any portions and gives out the messages in them. Work and memory are linear in the bytes taken. */
export class FrameParser {
  /** Largest content accepted from here on, in bytes. */
  limit: number
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0
  /** False while `#bytes` is somebody else's chunk, which must not be written to. */
  #own = false
  /** How many bytes from `#start` are known to hold no end of the header. */
  #scanned = 0
  #contentLength: number | undefined

  constructor(limit = maxFrameBytes) {
    this.limit = limit
  }

  /** Bytes taken and not given out yet. */
  get size(): number {
    return this.#end - this.#start
  }

  push(chunk: Buffer): void {
    if (this.size === 0) {
      this.#bytes = chunk
      this.#own = false
      this.#start = 0
      this.#end = chunk.length
      return
    }
    this.#reserve(chunk.length)
    chunk.copy(this.#bytes, this.#end)
    this.#end += chunk.length
  }

  /**
   * The next whole message; undefined until more bytes come.
   * @throws IpcError BAD_FRAME; nothing can be read after it
   */
  next(): object | undefined {
    this.#contentLength ??= this.#header()
    if (this.#contentLength === undefined || this.size < this.#contentLength) return undefined
    const content = this.#bytes.subarray(this.#start, this.#start + this.#contentLength)
    this.#start += this.#contentLength
    this.#contentLength = undefined
    return parseContent(content)
  }

  #header(): number | undefined {
    const seen = this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + maxHeaderBytes))
    const end = seen.indexOf(headerEnd, this.#scanned)
    if (end === -1) {
      if (seen.length === maxHeaderBytes) throw badFrame(`no end of the header in ${maxHeaderBytes} bytes`)
      this.#scanned = Math.max(0, seen.length - headerEnd.length + 1)
      return undefined
    }
    this.#scanned = 0
    this.#start += end + headerEnd.length
    const length = parseHeader(seen.toString('latin1', 0, end))
    if (length > this.limit) throw badFrame(`a content of ${length} bytes, where ${this.limit} are allowed`)
    return length
  }

  /** Grows by doubling, so that a frame that comes byte by byte is not copied for each byte. */
  #reserve(more: number): void {
    if (this.#own && this.#bytes.length - this.#end >= more) return
    const {size} = this
    const roomy = this.#own && size + more <= this.#bytes.length / 2
    const target = roomy ? this.#bytes : Buffer.allocUnsafeSlow(Math.max(1024, 2 * (size + more)))
    this.#bytes.copy(target, 0, this.#start, this.#end)
    this.#bytes = target
    this.#own = true
    this.#start = 0
    this.#end = size
  }
}

function parseHeader(header: string): number {
  // What nearly everybody sends needs no closer look.
  const [, usual] = /^Content-Length: (\d{1,12})$/.exec(header) ?? []
  if (usual !== undefined) return Number(usual)
  let length: number | undefined
  for (const line of header.split('\r\n')) {
    const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(line)
    if (!field) throw badFrame('a header line that is none')
    const [, name = '', value = ''] = field
    if (/^content-length$/i.test(name)) {
      if (length !== undefined) throw badFrame('two Content-Length headers')
      if (!/^\d{1,12}$/.test(value)) throw badFrame('a Content-Length that is no number')
      length = Number(value)
    } else if (/^content-type$/i.test(name) && /charset/i.test(value) && !/charset="?utf-?8\b/i.test(value)) {
      throw badFrame('a content that is not in UTF-8')
    }
  }
  if (length === undefined) throw badFrame('no Content-Length header')
  return length
}

function parseContent(content: Buffer): object {
  if (!isUtf8(content)) throw badFrame('a content that is not in UTF-8')
  let message: unknown
  try {
    message = JSON.parse(content.toString())
  } catch {
    throw badFrame('a content that is not JSON')
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw badFrame('a content that is no JSON object')
  }
  return message
}

function badFrame(what: string): IpcError {
  return new IpcError('BAD_FRAME', `bad frame: ${what}`)
}
