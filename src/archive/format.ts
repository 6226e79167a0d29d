/**
 * The archive formats that can be unpacked. An `executable` is no archive but the program itself, as it is
 * or compressed.
 */
export const archiveFormats = [
  'tar',
  'tar.gz',
  'tar.xz',
  'tar.zst',
  'tar.br',
  'zip',
  'executable',
  'executable.gz',
  'executable.xz',
  'executable.zst',
  'executable.br',
] as const
export type ArchiveFormat = (typeof archiveFormats)[number]

export type Container = 'tar' | 'zip' | 'executable'
export type Compression = 'gz' | 'xz' | 'zst' | 'br'

const compressions = new Set<string>(['gz', 'xz', 'zst', 'br'] satisfies Compression[])
const shortFor: Readonly<Record<string, ArchiveFormat>> = {
  tgz: 'tar.gz',
  txz: 'tar.xz',
  tzst: 'tar.zst',
}

/**
 * The format that the name of a file tells: by its ending (in any case), and a name without one is a program. Undefined
 * where the ending is one that can't be unpacked (`.tar.bz2`, `.msi`, `.deb`) or is no archive's (`.sha256`, `.txt`).
 * @param fileName the last step of a path or URL, without its query
 */
export function formatOf(fileName: string): ArchiveFormat | undefined {
  const {stem, ending} = split(fileName)
  if (ending === 'tar' || ending === 'zip') return ending
  if (Object.hasOwn(shortFor, ending)) return shortFor[ending]
  if (ending === '' || ending === 'exe' || ending === 'appimage') return 'executable'
  if (!compressions.has(ending)) return undefined
  const inner = formatOf(stem)
  if (inner !== 'tar' && inner !== 'executable') return undefined
  return archiveFormats.find(format => format === `${inner}.${ending}`)
}

/** What a format is made of; a zip compresses its entries itself. */
export function partsOf(format: ArchiveFormat): {container: Container; compression?: Compression} {
  const [container, compression] = format.split('.') as [Container, Compression?]
  return compression === undefined ? {container} : {container, compression}
}

/** What follows the last dot, but for a part of a version (`jq-1.7.1`) or platform (`tool.linux-x64`). */
function split(fileName: string): {stem: string; ending: string} {
  const [, stem = fileName, ending = ''] = /^(.+)\.([a-z][a-z0-9]*|7z)$/i.exec(fileName) ?? []
  return {stem, ending: ending.toLowerCase()}
}
