import {existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {unpack} from '../../src/archive/unpack.ts'
import {sandbox} from '../support/sandbox.ts'
import {type TarEntry, tar, tarball} from '../support/tarball.ts'
import {unpackInto} from '../support/unpacking.ts'

describe('what npm packs', () => {
  test('files, folders, modes and stripped names', async () => {
    await using box = sandbox()
    const big = Buffer.alloc(3_000_000, 'abc')
    const {into, summary} = await unpackInto(
      box.project,
      tarball([
        {path: 'package/', type: 'Directory'},
        {path: 'package/package.json', content: '{}'},
        {path: 'package/bin/run', content: '#!/bin/sh\n', mode: 0o755},
        {path: './package/lib/deep/er/big.txt', content: big},
        {path: 'package/empty', content: ''},
        {path: 'top-level-file', content: 'is stripped away'},
      ]),
    )
    expect([...summary.files].sort()).toEqual(['bin/run', 'empty', 'lib/deep/er/big.txt', 'package.json'])
    expect(summary.directories).toEqual(['', 'bin', 'lib', 'lib/deep', 'lib/deep/er'])
    expect(readFileSync(join(into, 'lib/deep/er/big.txt')).equals(big)).toBe(true)
    expect(statSync(join(into, 'bin/run')).mode & 0o7777).toBe(0o755)
    expect(statSync(join(into, 'package.json')).mode & 0o7777).toBe(0o644)
    expect(readdirSync(into).sort()).toEqual(['bin', 'empty', 'lib', 'package.json'])
  })

  test('links that stay inside, also through other links', async () => {
    await using box = sandbox()
    const {into} = await unpackInto(
      box.project,
      tarball([
        {path: 'package/bin/run', type: 'SymbolicLink', linkpath: '../lib/../lib/main'},
        {path: 'package/lib/main', content: 'main'},
        {path: 'package/alias', type: 'SymbolicLink', linkpath: 'lib'},
        {path: 'package/through', type: 'SymbolicLink', linkpath: 'alias/../lib/main'},
        {path: 'package/twin', type: 'Link', linkpath: 'package/lib/main'},
      ]),
    )
    expect(readlinkSync(join(into, 'bin/run'))).toBe('../lib/../lib/main')
    for (const name of ['bin/run', 'alias/main', 'through', 'twin']) {
      expect(readFileSync(join(into, name), 'utf8')).toBe('main')
    }
    expect(statSync(join(into, 'twin')).ino).toBe(statSync(join(into, 'lib/main')).ino)
  })

  test('setuid, setgid and sticky bits are dropped', async () => {
    await using box = sandbox()
    const {into} = await unpackInto(box.project, tarball([{path: 'package/su', content: 'x', mode: 0o6777}]))
    expect(lstatSync(join(into, 'su')).mode & 0o7777).toBe(0o755)
  })

  test('long names by PAX header', async () => {
    await using box = sandbox()
    const long = `${'d'.repeat(120)}/${'f'.repeat(200)}`
    const {summary} = await unpackInto(
      box.project,
      tarball([{path: 'package/short', content: 'x', pax: {path: `package/${long}`}}]),
    )
    expect(summary.files).toEqual([long])
  })

  test.each([1, 511, 513, 100_000])('in pieces of %i bytes', async piece => {
    await using box = sandbox()
    const archive = tarball([
      {path: 'package/a', content: 'a'.repeat(700)},
      {path: 'package/b/c', content: 'c'.repeat(1300)},
    ])
    const {into} = await unpackInto(box.project, archive, {piece})
    expect(readFileSync(join(into, 'b/c'), 'utf8')).toBe('c'.repeat(1300))
  })
})

test.each([
  [1, 'inside the first header'],
  [1025, 'inside the second header'],
  [1535, 'at the end of the second header'],
])('a tar of only %i bytes is damaged: it ends %s', async length => {
  await using box = sandbox()
  const whole = tar([
    {path: 'package/a', content: 'a'},
    {path: 'package/b', content: 'b'},
  ])
  await expect(unpackInto(box.project, gzipSync(whole.subarray(0, length)))).rejects.toMatchObject({
    code: 'ARCHIVE_CORRUPT',
  })
})

test('a tar without the empty blocks at its end is whole', async () => {
  await using box = sandbox()
  const whole = tar([{path: 'package/a', content: 'a'}])
  const {summary} = await unpackInto(box.project, gzipSync(whole.subarray(0, 1024)))
  expect(summary.files).toEqual(['a'])
})

const file: TarEntry = {path: 'package/a', content: 'a'}
const refused: [what: string, entries: TarEntry[]][] = [
  ['..', [{path: 'package/../../../evil', content: 'x'}]],
  ['.. in the stripped part', [{path: '../evil', content: 'x'}]],
  ['.. at the end', [{path: 'package/a/..', type: 'Directory'}]],
  ['an absolute name', [{path: '/package/evil', content: 'x'}]],
  ['an absolute name by PAX', [{path: 'package/x', content: 'x', pax: {path: '/tmp/toolversion-evil'}}]],
  ['.. by PAX', [{path: 'package/x', content: 'x', pax: {path: 'package/../../evil'}}]],
  ['a drive letter', [{path: 'package/c:/evil', content: 'x'}]],
  ['a drive letter first', [{path: 'C:/package/evil', content: 'x'}]],
  ['backslashes', [{path: 'package\\..\\..\\evil', content: 'x'}]],
  ['NUL by PAX', [{path: 'package/x', content: 'x', pax: {path: 'package/a\0b'}}]],
  ['a link up and out', [{path: 'package/out', type: 'SymbolicLink', linkpath: '../../evil'}]],
  ['an absolute link', [{path: 'package/out', type: 'SymbolicLink', linkpath: '/etc/passwd'}]],
  [
    'a link out by PAX',
    [{path: 'package/out', type: 'SymbolicLink', linkpath: 'a', pax: {linkpath: '../../evil'}}],
  ],
  [
    'a link out through an earlier link',
    [
      {path: 'package/a/b/c', content: 'x'},
      {path: 'package/in', type: 'SymbolicLink', linkpath: 'a/b'},
      {path: 'package/deep/out', type: 'SymbolicLink', linkpath: '../in/../../../evil'},
    ],
  ],
  [
    'a link out through a later link',
    [
      {path: 'package/out', type: 'SymbolicLink', linkpath: 'a/b/../../..'},
      {path: 'package/a/b', type: 'SymbolicLink', linkpath: '.'},
    ],
  ],
  [
    'a file written through a link',
    [
      {path: 'package/d', type: 'SymbolicLink', linkpath: 'e'},
      {path: 'package/d/evil', content: 'x'},
    ],
  ],
  [
    'links in a circle',
    [
      {path: 'package/a', type: 'SymbolicLink', linkpath: 'b'},
      {path: 'package/b', type: 'SymbolicLink', linkpath: 'a'},
    ],
  ],
  ['a hard link out', [file, {path: 'package/b', type: 'Link', linkpath: '../../evil'}]],
  ['a hard link to an absolute path', [file, {path: 'package/b', type: 'Link', linkpath: '/etc/passwd'}]],
  ['a hard link to nothing', [file, {path: 'package/b', type: 'Link', linkpath: 'package/nothing'}]],
  [
    'a hard link to a link',
    [
      {path: 'package/l', type: 'SymbolicLink', linkpath: 'a'},
      {path: 'package/b', type: 'Link', linkpath: 'package/l'},
    ],
  ],
  ['a character device', [file, {path: 'package/dev', type: 'CharacterDevice'}]],
  ['a block device', [file, {path: 'package/dev', type: 'BlockDevice'}]],
  ['a FIFO', [file, {path: 'package/fifo', type: 'FIFO'}]],
  ['two files of one name', [file, file]],
  ['two names in one after stripping', [file, {path: 'other/a', content: 'x'}]],
  ['names that differ in case', [file, {path: 'package/A', content: 'x'}]],
  [
    'folders that differ in case',
    [
      {path: 'package/lib/a', content: 'x'},
      {path: 'package/Lib/b', content: 'x'},
    ],
  ],
  ['names that differ in Unicode form', [{path: 'package/\u00e9'}, {path: 'package/e\u0301'}]],
  ['a file below a file', [file, {path: 'package/a/b', content: 'x'}]],
  [
    'a file in place of a folder',
    [
      {path: 'package/d/x', content: 'x'},
      {path: 'package/d', content: 'x'},
    ],
  ],
  [
    'a path that is too long',
    [{path: 'package/x', content: 'x', pax: {path: Array(100).fill('n'.repeat(200)).join('/')}}],
  ],
  ['a name that is too long', [{path: 'package/x', content: 'x', pax: {path: `package/${'n'.repeat(300)}`}}]],
]

describe('refused', () => {
  test.each(refused)('%s', async (_what, entries) => {
    await using box = sandbox()
    await expect(unpackInto(box.project, tarball(entries))).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
      exitCode: 6,
    })
    expect(readdirSync(box.project)).toEqual(['jail'])
    expect(readdirSync(join(box.project, 'jail'))).toEqual(['out'])
    expect(existsSync('/tmp/toolversion-evil')).toBe(false)
  })

  test('more entries than allowed', async () => {
    await using box = sandbox()
    const many = Array.from({length: 11}, (_, at) => ({path: `package/${at}`}))
    await expect(unpackInto(box.project, tarball(many), {limits: {entries: 10}})).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
    })
  })

  test('more bytes than allowed, and too many for the size of the archive', async () => {
    const bomb = tarball([{path: 'package/zeros', content: Buffer.alloc(3_000_000)}])
    for (const limits of [{bytes: 1_000_000}, {ratioFrom: 1_000_000}]) {
      await using box = sandbox()
      await expect(unpackInto(box.project, bomb, {limits})).rejects.toMatchObject({code: 'ARCHIVE_UNSAFE'})
    }
  })
})

describe('damaged', () => {
  const good = tarball([
    {path: 'package/a', content: 'a'.repeat(100_000)},
    {path: 'package/b', content: 'b'},
  ])
  const whole = tar([{path: 'package/a', content: 'a'.repeat(100_000)}])
  const damaged: [what: string, archive: Buffer][] = [
    ['cut short', good.subarray(0, good.length - 20)],
    ['cut inside of a file, compressed anew', gzipSync(whole.subarray(0, 50_000))],
    ['cut inside of a header', gzipSync(whole.subarray(0, 300))],
    ['empty', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>Sign in</title>')],
    ['a compressed web page', gzipSync('<!doctype html><title>Sign in</title>'.repeat(100))],
    ['compressed twice', gzipSync(good)],
    [
      'a changed byte',
      Buffer.concat([good.subarray(0, 60), Buffer.from([0xff, 0x00, 0xff]), good.subarray(63)]),
    ],
  ]
  test.each(damaged)('%s', async (_what, archive) => {
    await using box = sandbox()
    await expect(unpackInto(box.project, archive)).rejects.toMatchObject({
      code: 'ARCHIVE_CORRUPT',
      exitCode: 6,
    })
  })
})

test('an abort ends it, with the reason given', async () => {
  await using box = sandbox()
  const controller = new AbortController()
  async function* arriving() {
    const archive = tarball([{path: 'package/a', content: 'x'}])
    yield archive.subarray(0, 30)
    controller.abort(new Error('enough'))
    yield archive.subarray(30)
  }
  const into = join(box.project, 'out')
  await expect(
    unpack(arriving(), {format: 'tar.gz', strip: 1, into, signal: controller.signal}),
  ).rejects.toThrow('enough')
})
