import {gzipSync} from 'node:zlib'
import {Header, type HeaderData, Pax} from 'tar'

/** One entry, as good or bad as a test wants it; a file unless it says otherwise. */
export interface TarEntry extends Pick<HeaderData, 'type' | 'linkpath' | 'mode'> {
  path: string
  content?: string | Uint8Array
  /** Written into a PAX header before the entry, whatever they are. */
  pax?: {path?: string; linkpath?: string}
}

/** A tar archive with these entries in this order. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(encode), Buffer.alloc(1024)])
}

/** The same, compressed, as npm packs packages. */
export function tarball(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tar(entries), {level: 1})
}

/** Files below `package/`, as npm packs them; programs may be run. */
export function packageTarball(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return tarball(
    Object.entries(files).map(([path, content]) => ({path: `package/${path}`, content, mode: 0o755})),
  )
}

function encode({path, content = '', type = 'File', linkpath, mode = 0o644, pax}: TarEntry): Buffer[] {
  const body = Buffer.from(content)
  const header = Buffer.alloc(512)
  new Header({
    path,
    type,
    mode,
    size: body.length,
    mtime: new Date(0),
    ...(linkpath !== undefined && {linkpath}),
  }).encode(header, 0)
  const before = pax ? [new Pax({...pax}).encode()] : []
  return [...before, header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
}

/** The bytes of a header's fields, whatever they mean; the checksum is right. */
export interface RawHeader {
  name?: string | Buffer
  /** Octal digits, or bytes. */
  size?: string | Buffer
  flag?: string
  link?: string
  prefix?: string
  mode?: string
}

/** A header as it could not be made by the library, with its content filled up to whole blocks. */
export function rawEntry(
  {name = '', size, flag = '0', link = '', prefix = '', mode = '0000644'}: RawHeader,
  content: string | Buffer = '',
): Buffer {
  const body = Buffer.from(content)
  const header = Buffer.alloc(512)
  Buffer.from(name).copy(header, 0)
  header.write(mode, 100)
  Buffer.from(size ?? body.length.toString(8).padStart(11, '0')).copy(header, 124)
  header.write('00000000000', 136)
  header.write(flag, 156)
  header.write(link, 157)
  header.write('ustar\u000000', 257)
  header.write(prefix, 345)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

/** A record of a PAX header, of the right length. */
export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}
