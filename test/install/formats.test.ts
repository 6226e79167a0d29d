import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib'
import {expect, test} from 'vitest'
import type {ArchiveFormat} from '../../src/archive/format.ts'
import {install} from '../../src/install/install.ts'
import {writeDirectoryIndex} from '../../src/source/directory-index.ts'
import {listInstalled} from '../../src/store/installed.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {tar} from '../support/tarball.ts'
import {npmToolchain, request} from '../support/toolchain.ts'
import {zip} from '../support/zip.ts'

const program = '#!/bin/sh\necho "ore runs"\n'
const xz = (bytes: Buffer) => execFileSync('xz', ['-c'], {input: bytes})
const tree = tar([
  {path: 'ore-1.0.0/bin/ore', content: program},
  {path: 'ore-1.0.0/lib/data.txt', content: 'data'},
])
const bare = Buffer.from(program)

const packed: Record<ArchiveFormat, Buffer> = {
  tar: tree,
  'tar.gz': gzipSync(tree),
  'tar.xz': xz(tree),
  'tar.zst': zstdCompressSync(tree),
  'tar.br': brotliCompressSync(tree),
  zip: zip([
    {name: 'ore-1.0.0/bin/ore', content: program},
    {name: 'ore-1.0.0/lib/data.txt', content: 'data'},
  ]),
  executable: bare,
  'executable.gz': gzipSync(bare),
  'executable.xz': xz(bare),
  'executable.zst': zstdCompressSync(bare),
  'executable.br': brotliCompressSync(bare),
}

/** A toolchain whose one version is this archive in a folder. */
function offered(box: Sandbox, format: ArchiveFormat, bytes: Buffer) {
  const directory = join(box.root, 'offers')
  rmSync(directory, {recursive: true, force: true})
  mkdirSync(directory)
  const file = box.write('archive', bytes)
  writeDirectoryIndex(directory, [{version: '1.0.0', file, format, strip: 1}], {})
  return npmToolchain('ore', {sources: [{kind: 'directory', path: directory}]})
}

test.each(Object.entries(packed) as [ArchiveFormat, Buffer][])(
  'a version that comes as %s runs',
  async (format, bytes) => {
    await using box = sandbox()
    const {bin, directory} = await install(box.context, request(offered(box, format, bytes), '1.0.0'))
    expect(execFileSync(join(bin, 'ore'), {encoding: 'utf8'})).toBe('ore runs\n')
    expect(readdirSync(directory).sort()).toEqual(['bin', 'package', 'receipt.json'])
    if (!format.startsWith('executable')) {
      expect(readFileSync(join(directory, 'package/lib/data.txt'), 'utf8')).toBe('data')
    }
    expect(readdirSync(box.context.layout.staging)).toEqual([])
  },
)

test.each(['tar.xz', 'zip', 'executable.zst'] as const)(
  'a damaged %s leaves the store as it was',
  async format => {
    await using box = sandbox()
    const definition = offered(box, format, packed[format].subarray(0, -4))
    await expect(install(box.context, request(definition, '1.0.0'))).rejects.toMatchObject({
      code: 'ARCHIVE_CORRUPT',
    })
    expect(listInstalled(box.context, 'ore')).toEqual([])
    expect(readdirSync(box.context.layout.staging)).toEqual([])
  },
)

test('a bare executable that is to be in two places is a mistake of the definition', async () => {
  await using box = sandbox()
  const executables = {ore: {path: 'bin/ore'}, gold: {path: 'bin/gold'}}
  const definition = {...offered(box, 'executable', bare), executables}
  await expect(install(box.context, request(definition, '1.0.0'))).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    exitCode: 3,
  })
  const same = {ore: {path: 'bin/ore'}, gold: {path: 'bin/ore'}}
  const {bin} = await install(box.context, request({...definition, executables: same}, '1.0.0'))
  expect(readdirSync(bin).sort()).toEqual(['gold', 'ore'])
})
