import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {unpack} from '../../src/archive/unpack.ts'
import {sandbox} from '../support/sandbox.ts'
import {unpackInto} from '../support/unpacking.ts'
import {type ZipEntry, zip} from '../support/zip.ts'

const link = 0o120777
const asZip = {format: 'zip', strip: 1} as const

describe('what is packed', () => {
  test('files, folders, modes, links and stripped names', async () => {
    await using box = sandbox()
    const big = Buffer.alloc(3_000_000, 'abc')
    const {into, summary} = await unpackInto(
      box.project,
      zip([
        {name: 'tool-1.0/', mode: 0o040755},
        {name: 'tool-1.0/empty/', mode: 0o040755},
        {name: 'tool-1.0/bin/run', content: '#!/bin/sh\n', mode: 0o100755},
        {name: 'tool-1.0/bin/alias', content: './run', mode: link},
        {name: 'tool-1.0/lib/ü.txt', content: big},
        {name: 'tool-1.0/stored', content: 'as it is', method: 0},
        {name: 'tool-1.0/nothing'},
        {name: 'top-level-file', content: 'is stripped away'},
      ]),
      asZip,
    )
    expect([...summary.files].sort()).toEqual(['bin/run', 'lib/ü.txt', 'nothing', 'stored'])
    expect(summary.directories).toEqual(['', 'empty', 'bin', 'lib'])
    expect(readFileSync(join(into, 'lib/ü.txt')).equals(big)).toBe(true)
    expect(statSync(join(into, 'bin/run')).mode & 0o7777).toBe(0o755)
    expect(statSync(join(into, 'stored')).mode & 0o7777).toBe(0o644)
    expect(readlinkSync(join(into, 'bin/alias'))).toBe('./run')
    // The file that it was kept in for a while is gone.
    expect(readdirSync(join(box.project, 'jail'))).toEqual(['out'])
  })

  test('setuid bits are dropped, and modes count only where Unix wrote them', async () => {
    await using box = sandbox()
    const {into} = await unpackInto(
      box.project,
      zip([
        {name: 'a/su', content: 'x', mode: 0o106777},
        {name: 'a/dos', content: 'x', mode: link, host: 0},
      ]),
      asZip,
    )
    expect(lstatSync(join(into, 'su')).mode & 0o7777).toBe(0o755)
    expect(lstatSync(join(into, 'dos')).isFile()).toBe(true)
  })

  test('sizes in 64 bits', async () => {
    await using box = sandbox()
    const {into} = await unpackInto(box.project, zip([{name: 'a/b', content: 'content', zip64: true}]), asZip)
    expect(readFileSync(join(into, 'b'), 'utf8')).toBe('content')
  })

  test('a name that is not in Unicode, in the letters of DOS', async () => {
    await using box = sandbox()
    const {summary} = await unpackInto(box.project, zip([{name: Buffer.from([0x61, 0x2f, 0x81])}]), asZip)
    expect(summary.files).toEqual(['ü'])
  })
})

const file: ZipEntry = {name: 'a/b', content: 'b'}
const refused: [what: string, entries: ZipEntry[]][] = [
  ['..', [{name: 'a/../../../evil'}]],
  ['an absolute name', [{name: '/a/evil'}]],
  ['a drive letter', [{name: 'C:/a/evil'}]],
  ['backslashes', [{name: 'a\\..\\evil'}]],
  ['NUL', [{name: 'a/b\0c'}]],
  ['a name that says it is UTF-8 and is not', [{name: Buffer.from([0x61, 0x2f, 0xff]), flags: 0x800}]],
  ['a name that is too long', [{name: `a/${'n'.repeat(300)}`}]],
  ['a link up and out', [{name: 'a/out', content: '../../evil', mode: link}]],
  ['an absolute link', [{name: 'a/out', content: '/etc/passwd', mode: link}]],
  ['a link to nothing', [{name: 'a/out', content: '', mode: link}]],
  ['a link with a long name', [{name: 'a/out', content: 'x/'.repeat(3000), mode: link}]],
  [
    'a file written through a link',
    [
      {name: 'a/d', content: '.', mode: link},
      {name: 'a/d/evil', content: 'x'},
    ],
  ],
  ['a character device', [{name: 'a/dev', mode: 0o020666}]],
  ['a FIFO', [{name: 'a/fifo', mode: 0o010666}]],
  ['a socket', [{name: 'a/socket', mode: 0o140666}]],
  ['two entries of one name', [file, file]],
  ['names that differ in case', [file, {name: 'a/B'}]],
  ['an encrypted entry', [{...file, flags: 1}]],
  ['a compression that is not supported', [{...file, method: 93}]],
  ['entries that overlap', [file, {...file, name: 'a/b', claims: {sameAs: 0}}]],
  ['two names of one entry', [{...file, claims: {localName: 'a/c'}}]],
]

describe('refused', () => {
  test.each(refused)('%s', async (_what, entries) => {
    await using box = sandbox()
    await expect(unpackInto(box.project, zip(entries), asZip)).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
      exitCode: 6,
    })
    expect(readdirSync(box.project)).toEqual(['jail'])
    expect(readdirSync(join(box.project, 'jail'))).toEqual(['out'])
  })

  test('more than is allowed', async () => {
    const bomb = zip([{name: 'a/zeros', content: Buffer.alloc(3_000_000)}])
    const many = zip(Array.from({length: 11}, (_, at) => ({name: `a/${at}`})))
    for (const [archive, limits] of [
      [bomb, {bytes: 1_000_000}],
      [bomb, {ratioFrom: 1_000_000}],
      [many, {entries: 10}],
    ] as const) {
      await using box = sandbox()
      await expect(unpackInto(box.project, archive, {...asZip, limits})).rejects.toMatchObject({
        code: 'ARCHIVE_UNSAFE',
      })
    }
  })
})

describe('damaged', () => {
  const good = zip([{name: 'a/b', content: 'b'.repeat(1000)}])
  const changed = Buffer.from(good)
  changed[40] = (changed[40] ?? 0) ^ 0xff
  const damaged: [what: string, archive: Buffer][] = [
    ['cut short', good.subarray(0, good.length - 5)],
    ['without its beginning', good.subarray(10)],
    ['empty', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['something after its end', Buffer.concat([good, Buffer.from('evil')])],
    ['a changed byte', changed],
    ['a wrong checksum', zip([{...file, claims: {checksum: 1}}])],
    ['larger than it says', zip([{...file, content: 'more', claims: {size: 2}}])],
    ['smaller than it says', zip([{...file, content: 'more', claims: {size: 2000}}])],
    ['much from nothing', zip([{...file, claims: {size: 2_000_000, packed: 0}}])],
    ['stored, and larger than it says', zip([{...file, content: 'more', method: 0, claims: {size: 2}}])],
  ]
  test.each(damaged)('%s', async (_what, archive) => {
    await using box = sandbox()
    await expect(unpackInto(box.project, archive, asZip)).rejects.toMatchObject({
      code: 'ARCHIVE_CORRUPT',
      exitCode: 6,
    })
  })
})

test('an abort ends it between two entries, with the reason given', async () => {
  await using box = sandbox()
  const into = join(box.project, 'out')
  const entries = Array.from({length: 3000}, (_, at) => ({name: `a/${at}`, content: 'x'}))
  async function* arriving() {
    yield zip(entries)
  }
  const controller = new AbortController()
  const abortOnceBegun = () => {
    if (existsSync(join(into, '0'))) controller.abort(new Error('enough'))
    else setImmediate(abortOnceBegun)
  }
  abortOnceBegun()
  await expect(unpack(arriving(), {...asZip, into, signal: controller.signal})).rejects.toThrow('enough')
  expect(existsSync(join(into, '2999'))).toBe(false)
  expect(readdirSync(box.project)).toEqual(['out'])
})
