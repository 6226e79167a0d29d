import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import type {ArchiveFormat} from '../../src/archive/format.ts'
import {sandbox} from '../support/sandbox.ts'
import {tar} from '../support/tarball.ts'
import {unpackInto} from '../support/unpacking.ts'

const xz = (bytes: Buffer, ...options: string[]) =>
  execFileSync('xz', ['-c', '-T1', ...options], {input: bytes, maxBuffer: 1 << 30})
const compress: Record<string, (bytes: Buffer) => Buffer> = {
  gz: bytes => gzipSync(bytes),
  xz: bytes => xz(bytes),
  zst: bytes => zstdCompressSync(bytes),
  br: bytes => brotliCompressSync(bytes),
}
const compressions = Object.entries(compress)
const cases = compressions.map(([ending, packed]) => ({ending, packed}))

const content = Buffer.from(Array.from({length: 300_000}, (_, at) => (at * at) % 251))
const archive = tar([
  {path: 'tool/bin/run', content, mode: 0o755},
  {path: 'tool/empty', content: ''},
])

describe.each(cases)('tar.$ending', ({ending, packed}) => {
  const format = `tar.${ending}` as ArchiveFormat
  const whole = packed(archive)

  test.each([1_000_000, 4096, 7])('in pieces of %i bytes', async piece => {
    await using box = sandbox()
    const {into, summary} = await unpackInto(box.project, whole, {format, piece})
    expect([...summary.files].sort()).toEqual(['bin/run', 'empty'])
    expect(readFileSync(join(into, 'bin/run')).equals(content)).toBe(true)
  })

  test.each([1_000_000, 4096, 7])(
    'cut short, or with something after its end, in pieces of %i bytes',
    async piece => {
      const evil = Buffer.from('evil '.repeat(200))
      const damaged = [
        whole.subarray(0, whole.length - 1),
        whole.subarray(0, whole.length / 2),
        whole.subarray(0, 3),
        Buffer.alloc(0),
        Buffer.concat([whole, evil]),
        Buffer.concat([whole, Buffer.alloc(600), evil]),
        evil,
        packed(evil),
        packed(Buffer.concat([archive, evil])),
        packed(whole),
      ]
      for (const [at, bytes] of damaged.entries()) {
        await using box = sandbox()
        await expect(unpackInto(box.project, bytes, {format, piece}), `case ${at}`).rejects.toMatchObject({
          code: 'ARCHIVE_CORRUPT',
          exitCode: 6,
        })
      }
    },
  )

  test('more than is allowed', async () => {
    const bomb = packed(tar([{path: 'tool/zeros', content: Buffer.alloc(3_000_000)}]))
    for (const limits of [{bytes: 1_000_000}, {ratioFrom: 1_000_000}]) {
      await using box = sandbox()
      await expect(unpackInto(box.project, bomb, {format, limits})).rejects.toMatchObject({
        code: 'ARCHIVE_UNSAFE',
      })
    }
  })

  test('a bare executable', async () => {
    await using box = sandbox()
    const how = {format: `executable.${ending}` as ArchiveFormat, executable: 'bin/tool'}
    const {into, summary} = await unpackInto(box.project, packed(content), how)
    expect(summary).toEqual({files: ['bin/tool'], directories: ['', 'bin']})
    expect(readFileSync(join(into, 'bin/tool')).equals(content)).toBe(true)
    expect(statSync(join(into, 'bin/tool')).mode & 0o7777).toBe(0o755)
  })
})

describe('without compression', () => {
  test.each([1_000_000, 4096, 1])('tar in pieces of %i bytes', async piece => {
    await using box = sandbox()
    const small = tar([{path: 'tool/a', content: 'a'.repeat(700)}])
    const {into} = await unpackInto(box.project, small, {format: 'tar', piece})
    expect(readFileSync(join(into, 'a'), 'utf8')).toBe('a'.repeat(700))
  })

  test.each([1_000_000, 1])('a tar that is compressed after all, in pieces of %i bytes', async piece => {
    for (const [, packed] of compressions) {
      await using box = sandbox()
      await expect(unpackInto(box.project, packed(archive), {format: 'tar', piece})).rejects.toMatchObject({
        code: 'ARCHIVE_CORRUPT',
      })
    }
  })

  test('a bare executable', async () => {
    await using box = sandbox()
    const how = {format: 'executable', executable: 'tool', strip: 1} as const
    const {into} = await unpackInto(box.project, content, how)
    expect(readFileSync(join(into, 'tool')).equals(content)).toBe(true)
    expect(statSync(join(into, 'tool')).mode & 0o111).toBe(0o111)
  })

  test('an executable that is empty, or too large', async () => {
    await using box = sandbox()
    const how = {format: 'executable', executable: 'tool'} as const
    await expect(unpackInto(box.project, Buffer.alloc(0), how)).rejects.toMatchObject({
      code: 'ARCHIVE_CORRUPT',
    })
    await using other = sandbox()
    await expect(unpackInto(other.project, content, {...how, limits: {bytes: 1000}})).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
    })
  })

  test('an executable with a name that leads out', async () => {
    await using box = sandbox()
    const how = {format: 'executable', executable: '../tool'} as const
    await expect(unpackInto(box.project, content, how)).rejects.toMatchObject({code: 'ARCHIVE_UNSAFE'})
    expect(readdirSync(join(box.project, 'jail'))).toEqual(['out'])
  })
})

describe('several compressed streams in a row are one', () => {
  const halves = [archive.subarray(0, 100_000), archive.subarray(100_000)]
  test.each(['gz', 'xz', 'zst'])('%s', async ending => {
    await using box = sandbox()
    const bytes = Buffer.concat(halves.map(half => compress[ending]?.(half) ?? half))
    const {summary} = await unpackInto(box.project, bytes, {format: `tar.${ending}` as ArchiveFormat})
    expect(summary.files).toContain('bin/run')
  })
})

test('zeros may fill up a gzip file and a tar', async () => {
  await using box = sandbox()
  const filled = gzipSync(Buffer.concat([archive, Buffer.alloc(100_000)]))
  const {summary} = await unpackInto(box.project, Buffer.concat([filled, Buffer.alloc(5000)]))
  expect(summary.files).toContain('bin/run')
})

describe('a window that takes too much memory', () => {
  const bytes = Buffer.alloc(1_000_000, 'abc')

  /** A frame of one block as it is, whose header names a window of so many bits. */
  const frame = (bits: number) =>
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (bits - 10) << 3, (3 << 3) | 1, 0, 0, ...Buffer.from('abc')])

  test('zstd', async () => {
    await using box = sandbox()
    const how = {format: 'executable.zst', executable: 'tool'} as const
    await expect(unpackInto(box.project, frame(28), how)).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
      message: expect.stringContaining('memory'),
    })
    await using other = sandbox()
    const {into} = await unpackInto(other.project, frame(27), how)
    expect(readFileSync(join(into, 'tool'), 'utf8')).toBe('abc')
  })

  test('xz', async () => {
    await using box = sandbox()
    const stream = xz(bytes, '--lzma2=dict=128MiB')
    await expect(
      unpackInto(box.project, stream, {format: 'executable.xz', executable: 'tool'}),
    ).rejects.toMatchObject({code: 'ARCHIVE_UNSAFE', message: expect.stringContaining('memory')})
  })

  test('xz -9 is no more than is allowed', async () => {
    await using box = sandbox()
    const {into} = await unpackInto(box.project, xz(bytes, '-9'), {
      format: 'executable.xz',
      executable: 'tool',
    })
    expect(readFileSync(join(into, 'tool')).equals(bytes)).toBe(true)
  })
})

test('xz with a filter for programs, or a check by SHA-256, is told to be not supported', async () => {
  for (const options of [['--x86', '--lzma2'], ['--check=sha256']]) {
    await using box = sandbox()
    await expect(
      unpackInto(box.project, xz(content, ...options), {format: 'executable.xz', executable: 'tool'}),
    ).rejects.toMatchObject({code: 'ARCHIVE_UNSAFE', message: expect.stringContaining('not supported')})
  }
})

test('several xz archives at once, some of which are given up in the middle', async () => {
  const large = tar([{path: 'tool/large', content: Buffer.concat(Array(20).fill(content))}])
  const evil = tar([{path: '../evil', content: Buffer.concat(Array(20).fill(content))}])
  const outcomes = await Promise.allSettled(
    [evil, large, evil, large, large].map(async bytes => {
      await using box = sandbox()
      const {into} = await unpackInto(box.project, xz(bytes), {format: 'tar.xz'})
      return statSync(join(into, 'large')).size
    }),
  )
  const size = 20 * content.length
  expect(outcomes).toMatchObject([
    {reason: {code: 'ARCHIVE_UNSAFE'}},
    {value: size},
    {reason: {code: 'ARCHIVE_UNSAFE'}},
    {value: size},
    {value: size},
  ])
})
