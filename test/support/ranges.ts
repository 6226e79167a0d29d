import type {IncomingMessage, ServerResponse} from 'node:http'

export interface RangeOptions {
  etag?: string
  lastModified?: string
  /** How many bytes of each answer come before its connection breaks off, in order; then all comes. */
  breaks?: number[]
}

/** Answers with a file, or the range of it that is asked for, as web servers do. */
export function ranges(bytes: () => Buffer, {etag, lastModified, breaks = []}: RangeOptions) {
  return ({headers}: IncomingMessage, response: ServerResponse) => {
    const whole = bytes()
    const condition = headers['if-range']
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN)
    const partial =
      !Number.isNaN(start) && (condition === undefined || condition === etag || condition === lastModified)
    if (etag) response.setHeader('etag', etag)
    if (lastModified) response.setHeader('last-modified', lastModified)
    const body = partial ? whole.subarray(start) : whole
    response.setHeader('content-length', body.length)
    if (partial) response.setHeader('content-range', `bytes ${start}-${whole.length - 1}/${whole.length}`)
    response.writeHead(partial ? 206 : 200)
    const broken = breaks.shift()
    if (broken === undefined) return void response.end(body)
    response.write(body.subarray(0, broken), () => setImmediate(() => response.destroy()))
  }
}
