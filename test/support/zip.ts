import {crc32, deflateRawSync} from 'node:zlib'

/** One entry, as good or bad as a test wants it; a file unless its mode says otherwise. */
export interface ZipEntry {
  name: string | Buffer
  content?: string | Uint8Array
  /** With the kind of file, as Unix has it. */
  mode?: number
  /** How it is compressed: 8 by deflate, 0 not at all. */
  method?: number
  flags?: number
  /** The system that it was made on, by its number: 3 is Unix. */
  host?: number
  /** What the tables say, whatever is true. */
  claims?: {size?: number; packed?: number; checksum?: number; localName?: string; sameAs?: number}
  zip64?: boolean
}

/** A zip file with these entries in this order. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const table: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  for (const entry of entries) {
    const {claims = {}} = entry
    const offset = offsets[claims.sameAs ?? -1] ?? at
    const {local, central} = encode(entry, offset)
    offsets.push(offset)
    table.push(central)
    if (claims.sameAs === undefined) {
      locals.push(local)
      at += local.length
    }
  }
  const central = Buffer.concat(table)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

function encode(entry: ZipEntry, offset: number): {local: Buffer; central: Buffer} {
  const {content = '', mode = 0o100644, method = 8, flags = 0, host = 3, claims = {}, zip64} = entry
  const plain = Buffer.from(content)
  const packed = method === 8 ? deflateRawSync(plain) : plain
  const name = Buffer.from(entry.name)
  const localName = claims.localName === undefined ? name : Buffer.from(claims.localName)
  const utf8 = typeof entry.name === 'string' ? 0x800 : 0
  const size = claims.size ?? plain.length

  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(zip64 ? 45 : 20, 0)
  shared.writeUInt16LE(flags | utf8, 2)
  shared.writeUInt16LE(method, 4)
  shared.writeUInt32LE(claims.checksum ?? crc32(plain), 10)
  shared.writeUInt32LE(claims.packed ?? packed.length, 14)
  shared.writeUInt32LE(size, 18)
  shared.writeUInt16LE(localName.length, 22)
  const local = Buffer.concat([signature(0x04034b50), shared, localName, packed])

  shared.writeUInt16LE(name.length, 22)
  const extra = zip64 ? sizesIn64Bits(size, packed.length) : Buffer.alloc(0)
  if (zip64) shared.fill(0xff, 14, 22)
  shared.writeUInt16LE(extra.length, 24)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE((mode << 16) >>> 0, 6)
  rest.writeUInt32LE(offset, 10)
  const madeBy = Buffer.from([zip64 ? 45 : 20, host])
  return {local, central: Buffer.concat([signature(0x02014b50), madeBy, shared, rest, name, extra])}
}

function sizesIn64Bits(size: number, packed: number): Buffer {
  const field = Buffer.alloc(20)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(16, 2)
  field.writeBigUInt64LE(BigInt(size), 4)
  field.writeBigUInt64LE(BigInt(packed), 12)
  return field
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
