import {execFileSync} from 'node:child_process'
import {deflateRawSync, gzipSync, zstdCompressSync} from 'node:zlib'
import {expect, test} from 'vitest'
import type {ArchiveFormat} from '../../src/archive/format.ts'
import {writtenBelow} from '../support/disk.ts'
import {sandbox} from '../support/sandbox.ts'
import {rawEntry} from '../support/tarball.ts'
import {unpackInto} from '../support/unpacking.ts'
import {zip} from '../support/zip.ts'

const mebibyte = 1024 * 1024
const zeros = Buffer.alloc(16 * mebibyte)
/** Of one file of 10 GiB. */
const header = (() => {
  const size = Buffer.alloc(12)
  size[0] = 0x80
  size.writeUIntBE(10 * 1024 * mebibyte, 6, 6)
  return rawEntry({name: 'p/zeros', size})
})()

/** What is compressed piece by piece can be made without having the whole. */
const tenGibibytes = (compress: (bytes: Buffer) => Buffer) => {
  const piece = compress(zeros)
  return Buffer.concat([compress(header), ...Array<Buffer>(640).fill(piece), compress(Buffer.alloc(1024))])
}

const bombs: [format: ArchiveFormat, archive: () => Buffer][] = [
  ['tar.gz', () => tenGibibytes(bytes => gzipSync(bytes))],
  ['tar.zst', () => tenGibibytes(bytes => zstdCompressSync(bytes))],
  ['tar.xz', () => tenGibibytes(bytes => execFileSync('xz', ['-c', '-1'], {input: bytes}))],
  ['zip', () => zip([{name: 'p/zeros', content: Buffer.alloc(256 * mebibyte)}])],
]

test.each(bombs)(
  'a %s of a few megabytes that unpacks to gigabytes is refused before it fills the disk',
  async (format, make) => {
    await using box = sandbox()
    const archive = make()
    expect(archive.length).toBeLessThan(11 * mebibyte)
    await expect(unpackInto(box.project, archive, {format, piece: 64 * 1024})).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
      message: expect.stringContaining('times its size'),
    })
    expect(writtenBelow(box.project)).toBeLessThan(200 * mebibyte)
  },
)

test('a zip that says how little it holds is not believed', async () => {
  await using box = sandbox()
  const content = Buffer.alloc(20 * mebibyte)
  expect(deflateRawSync(content).length).toBeLessThan(mebibyte)
  const archive = zip([{name: 'p/zeros', content, claims: {size: 10}}])
  await expect(unpackInto(box.project, archive, {format: 'zip', piece: 64 * 1024})).rejects.toMatchObject({
    code: 'ARCHIVE_CORRUPT',
  })
  expect(writtenBelow(box.project)).toBeLessThan(mebibyte)
})
