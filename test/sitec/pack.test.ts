import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {list} from 'tar'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {packSitec} from '../../fixtures/sitec/pack/pack-sitec.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {type PackedSitec, packedSitec} from './packed.ts'

let packed: PackedSitec

beforeAll(async () => {
  packed = await packedSitec()
})

afterAll(() => packed[Symbol.dispose]())

test('packing twice gives the same bytes, and leaves nothing of before', async () => {
  await using box = sandbox()
  const again = join(box.root, 'again')
  box.write('../again/blobs/sha256/old', 'old')
  expect(await packSitec(again)).toEqual(['1.0.0', '1.1.0', '2.0.0'])
  expect(contents(again)).toEqual(contents(packed.directory))
})

test('the script packs where it is told', async () => {
  await using box = sandbox()
  const folder = join(box.root, 'dist')
  const script = join(packageRoot, 'fixtures/sitec/pack.ts')
  expect(execFileSync(process.execPath, [script, folder], {encoding: 'utf8'})).toBe(
    `sitec 1.0.0, 1.1.0, 2.0.0 in ${folder}\n`,
  )
  expect(contents(folder)).toEqual(contents(packed.directory))
})

test('an archive holds the program, its manifest and the licences of what is in it', async () => {
  const entries: string[] = []
  const [blob = ''] = Object.keys(contents(packed.directory)).filter(path => path.startsWith('blobs/'))
  await list({
    file: join(packed.directory, blob),
    onReadEntry: ({path, mtime, uid, mode}) => {
      entries.push(`${path} ${mtime?.getTime()} ${uid} ${mode?.toString(8)}`)
    },
  })
  expect(entries).toEqual([
    'LICENSE-APACHE 0 undefined 644',
    'LICENSE-MIT 0 undefined 644',
    'NOTICES.txt 0 undefined 644',
    'bin/sitec.js 0 undefined 755',
    'package.json 0 undefined 644',
  ])
  const notices = readFileSync(join(packed.program('2.0.0'), '../../NOTICES.txt'), 'utf8')
  for (const name of ['marked', 'vscode-jsonrpc', 'yaml']) expect(notices).toContain(`${name}\n====`)
})

test.each(['1.0.0', '1.1.0', '2.0.0'])('%s runs by itself, with nothing beside it', version => {
  const program = packed.program(version)
  expect(execFileSync(program, ['--version'], {encoding: 'utf8'})).toBe(`sitec ${version}\n`)
  expect(statSync(program).mode & 0o111).toBe(0o111)
})

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(path =>
    statSync(join(folder, path)).isFile(),
  )
  return Object.fromEntries(files.sort().map(path => [path, readFileSync(join(folder, path), 'base64')]))
}
