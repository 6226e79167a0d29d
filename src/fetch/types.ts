import type {Readable} from 'node:stream'

/** Ms. */
export interface Timeouts {
  /** For a connection to stand, TLS included. */
  connect: number
  /** Without a byte, before or inside an answer. */
  idle: number
  /** For the head of an answer to a brief request. */
  brief: number
  /** For one whole try. */
  total: number
  /** For one whole try at a document, which is no archive. */
  document: number
  /** Between two looks at whether a body came at 1 KiB a second or more. */
  pace: number
}

export interface Request {
  /** `https:`, `http:` or `file:`. */
  url: URL
  headers?: Readonly<Record<string, string>>
  /** Credentials for one origin, instead of those that npm has for it; a redirect elsewhere goes without. */
  authorization?: {origin: string; value: string} | undefined
  /** An index or the like, which has to come sooner than an archive. */
  document?: boolean
  /** There is another place to ask, so this one has little time to answer, and one try. */
  brief?: boolean
  signal?: AbortSignal
}

export interface Answer {
  /** Where the body really comes from, after redirects. */
  url: URL
  /** 200; 304 if the request carried a validator; 206 or 416 if it asked for a range. */
  status: number
  headers: Readonly<Record<string, string | undefined>>
  body: Readable
}
