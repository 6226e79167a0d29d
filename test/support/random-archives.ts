import fc from 'fast-check'
import {type TarEntry, tar} from './tarball.ts'
import {type ZipEntry, zip} from './zip.ts'

/** An archive with what has to come of it, if it is accepted; undefined where that is not known. */
export interface RandomArchive {
  format: 'tar' | 'zip'
  bytes: Buffer
  strip: number
  expected: ReadonlyMap<string, Expected> | undefined
}

type Expected = {kind: 'file'; content: string} | {kind: 'directory'} | {kind: 'symlink'; target: string}

interface Item {
  path: string
  kind: 'file' | 'directory' | 'symlink' | 'link' | 'fifo'
  content: string
  /** Of a link. */
  target: string
  pax: boolean
  /** Only a zip file can say such things. */
  claims: NonNullable<ZipEntry['claims']>
}

const step = fc.oneof(
  {weight: 15, arbitrary: fc.constantFrom('package', 'a', 'b', 'bin', 'run', 'c.txt', 'é', 'nul', '.', '')},
  fc.constantFrom('..', 'A', 'e\u0301', 'C:', 'x\\y', 'SS', 'ß', 'a\u200c', '\0', '\ufffd'),
)
const path = fc.array(step, {minLength: 1, maxLength: 5}).map(steps => steps.join('/'))
/** Up and down again, as links go. */
const relative = fc
  .array(fc.constantFrom('..', '..', '.', 'a', 'b', 'bin', 'run'), {minLength: 1, maxLength: 5})
  .map(steps => steps.join('/'))

const rooted = fc.oneof(
  {weight: 20, arbitrary: path.map(rest => `package/${rest}`)},
  path,
  relative,
  relative.map(rest => `package/${rest}`),
  path.map(rest => `/${rest}`),
)

const content = fc.oneof(
  fc.string({maxLength: 20}),
  fc.constantFrom(511, 512, 513, 1300).map(length => 'x'.repeat(length)),
)

const claims = fc.oneof(
  {weight: 20, arbitrary: fc.constant({})},
  fc.record({size: fc.nat(20)}),
  fc.record({checksum: fc.nat()}),
  fc.record({localName: rooted}),
  fc.record({sameAs: fc.nat(3)}),
)

const item: fc.Arbitrary<Item> = fc.record({
  path: rooted,
  kind: fc.oneof(
    {weight: 12, arbitrary: fc.constant('file' as const)},
    {weight: 12, arbitrary: fc.constantFrom('directory' as const, 'symlink' as const, 'link' as const)},
    fc.constant('fifo' as const),
  ),
  content,
  target: fc.oneof({weight: 4, arbitrary: relative}, path, rooted),
  pax: fc.boolean(),
  claims,
})

/** Bytes to be changed, by where they are in the whole. */
const damage = fc.oneof(
  {weight: 3, arbitrary: fc.constant([])},
  fc.array(fc.tuple(fc.double({min: 0, max: 0.999, noNaN: true}), fc.nat(255)), {minLength: 1, maxLength: 3}),
)

/** Archives of a few entries, good and hostile, some of them damaged afterwards. */
export const randomArchive: fc.Arbitrary<RandomArchive> = fc
  .record({
    format: fc.constantFrom('tar' as const, 'zip' as const),
    items: fc.array(item, {minLength: 1, maxLength: 6}),
    strip: fc.nat(2),
    damage,
  })
  .map(({format, items, strip, damage: changes}) => {
    const bytes = format === 'tar' ? tar(items.map(tarEntry)) : zip(items.map(zipEntry))
    for (const [where, value] of changes) bytes[Math.floor(where * bytes.length)] = value
    return {format, bytes, strip, expected: changes.length > 0 ? undefined : expectedOf(format, items, strip)}
  })

const tarTypes = {
  file: 'File',
  directory: 'Directory',
  symlink: 'SymbolicLink',
  link: 'Link',
  fifo: 'FIFO',
} as const

function tarEntry({path, kind, content, target, pax}: Item): TarEntry {
  const isLink = kind === 'symlink' || kind === 'link'
  return {
    path: pax ? 'short' : path,
    type: tarTypes[kind],
    ...(kind === 'file' && {content}),
    ...(isLink && {linkpath: pax ? 'short' : target}),
    ...(pax && {pax: {path, ...(isLink && {linkpath: target})}}),
  }
}

const zipModes = {file: 0o100644, directory: 0o040755, symlink: 0o120777, link: 0o100644, fifo: 0o010644}

function zipEntry({path, kind, content, target, claims}: Item): ZipEntry {
  return {name: path, mode: zipModes[kind], content: kind === 'symlink' ? target : content, claims}
}

/** Made apart from the code under test: no two entries of an archive that is accepted are in each other's way. */
function expectedOf(format: string, items: readonly Item[], strip: number): Map<string, Expected> {
  const expected = new Map<string, Expected>()
  const place = (path: string) =>
    path
      .split('/')
      .filter(one => one !== '' && one !== '.')
      .slice(strip)
      .join('/')
  for (const {kind, content, pax, ...names} of items) {
    // A field of a tar header ends at NUL.
    const [path, target] = [names.path, names.target].map(name =>
      format === 'tar' && !pax ? name.replace(/\0.*/s, '') : name,
    ) as [string, string]
    const at = place(path)
    if (at === '') continue
    if (kind === 'symlink') expected.set(at, {kind, target})
    else if (kind === 'directory' || (path.endsWith('/') && !(format === 'tar' && kind === 'link')))
      expected.set(at, {kind: 'directory'})
    else if (kind === 'link' && format === 'tar') {
      const original = expected.get(place(target))
      if (original) expected.set(at, original)
    } else expected.set(at, {kind: 'file', content})
  }
  return expected
}
