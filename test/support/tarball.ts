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
