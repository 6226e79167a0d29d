import {corrupt, unsafe} from './errors.ts'

/** What a PAX header says of the entry after it. */
export interface PaxFields {
  path?: string
  linkpath?: string
  size?: number
}

/**
 * Reads the records of a PAX header, `<length> <key>=<value>\n` each, by their lengths in bytes: a value may hold
 * what looks like another record.
 * @throws UserError ARCHIVE_CORRUPT, ARCHIVE_UNSAFE
 */
export function readPax(body: Buffer): PaxFields {
  const fields: PaxFields = {}
  for (const [key, value] of records(body)) {
    if (key.startsWith('GNU.sparse.')) throw unsafe('a file with holes, a kind that is not unpacked')
    if (key === 'path' || key === 'linkpath') fields[key] = nameIn(value)
    if (key === 'size') fields.size = sizeIn(value)
  }
  return fields
}

/**
 * The same for a header that speaks of all entries that follow: it may not say what they are called.
 * @throws UserError ARCHIVE_CORRUPT, ARCHIVE_UNSAFE
 */
export function checkGlobalPax(body: Buffer): void {
  const [field] = Object.keys(readPax(body))
  if (field !== undefined) throw unsafe(`a header that gives all entries one ${field}`)
}

function* records(body: Buffer): Generator<[key: string, value: Buffer]> {
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(' ', at)
    const digits = body.toString('latin1', at, blank)
    const end = at + Number(digits)
    const equals = body.indexOf('=', blank)
    const isWhole = /^\d{1,7}$/.test(digits) && end <= body.length && body[end - 1] === 0x0a
    if (!isWhole || equals < blank || equals >= end) throw corrupt('a PAX header that can not be read')
    yield [body.toString('utf8', blank + 1, equals), body.subarray(equals + 1, end - 1)]
    at = end
  }
}

function nameIn(value: Buffer): string {
  if (value.includes(0)) throw unsafe('a name with NUL')
  return value.toString('utf8')
}

function sizeIn(value: Buffer): number {
  const size = Number(value)
  if (!/^\d+$/.test(value.toString('latin1')) || !Number.isSafeInteger(size)) {
    throw corrupt('a PAX header with a size that is none')
  }
  return size
}
