import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {createCompiler} from '../../fixtures/sitec/src/project/compiler.ts'
import {writeSite} from '../../fixtures/sitec/src/project/write-site.ts'
import {releaseOf} from '../../fixtures/sitec/src/release.ts'
import {sandbox} from '../support/sandbox.ts'
import {page, rangeText} from './support.ts'

const release = releaseOf('1.0.0')

test('a warm compile reads again only what has changed', async () => {
  await using box = sandbox()
  box.write('content/index.md', page('[b](b.md)'))
  const path = box.write('content/b.md', page('one'))
  const compile = createCompiler(box.project, release)
  expect(compile()).toMatchObject({read: 2, reused: 0, pages: 2})
  expect(compile()).toMatchObject({read: 0, reused: 2})

  const {atime, mtime} = statSync(path)
  writeFileSync(path, page('two'))
  utimesSync(path, atime, mtime)
  const changed = compile()
  expect(changed).toMatchObject({read: 1, reused: 1})
  expect(changed.files.get('b.html')).toContain('two')

  rmSync(path)
  const removed = compile()
  expect(removed).toMatchObject({read: 0, reused: 1, pages: 1})
  expect(removed.problems.get('content/index.md')).toMatchObject([{code: 'SITEC004'}])
})

test('a file with CRLF line ends and a byte order mark has the ranges that editors show', async () => {
  await using box = sandbox()
  box.write('content/index.md', '\uFEFF---\r\ntitle: A\r\n---\r\n\r\n> a\r\n> [b](gone.md)\r\n')
  const problems = createCompiler(box.project, release)().problems.get('content/index.md') ?? []
  expect(problems.map(rangeText)).toEqual(['5:6-5:13'])
})

test('what is no text, and what leads out of the site', async () => {
  await using box = sandbox()
  writeFileSync(join(box.root, 'private.md'), page('private'))
  box.write('content/index.md', page(''))
  box.write('content/bytes.md', new Uint8Array([0xff, 0xfe, 0x00]))
  box.write('content/.hidden.md', 'no page')
  box.write('static/x.txt', 'x')
  symlinkSync(join(box.root, 'private.md'), join(box.project, 'content/link.md'))
  symlinkSync(box.project, join(box.project, 'static/loop'))
  symlinkSync('.', join(box.project, 'static/self'))
  symlinkSync('x.txt', join(box.project, 'static/y.txt'))
  const {problems, assets, files} = createCompiler(box.project, release)()
  expect([...files.keys()]).toEqual(['index.html'])
  expect(assets).toEqual(['x.txt', 'y.txt'])
  expect([...problems].map(([path, [problem]]) => [path, problem?.severity, problem?.code])).toEqual([
    ['content/bytes.md', 1, 'SITEC012'],
    ['content/link.md', 2, 'SITEC012'],
    ['static/loop', 2, 'SITEC012'],
  ])
})

test('a folder without pages', async () => {
  await using box = sandbox()
  const compile = createCompiler(box.project, release)
  expect([...compile().problems]).toMatchObject([['', [{severity: 1, code: 'SITEC013'}]]])
  box.write('layout.html', '{{ content }}')
  expect(compile().problems.get('')).toHaveLength(1)
  box.write('content/index.md', page(''))
  expect([...compile().problems]).toEqual([])
})

test('writing touches only what changed, and removes only what it wrote', async () => {
  await using box = sandbox()
  box.write('static/a/pic.svg', '<svg/>')
  const folder = join(box.project, 'dist')
  const output = {root: box.project, folder, assets: ['a/pic.svg']}
  const files = new Map([
    ['index.html', 'one'],
    ['old/page.html', 'old'],
  ])
  expect(writeSite({...output, files})).toEqual({written: 3})
  expect(writeSite({...output, files})).toEqual({written: 0})
  box.write('dist/stranger.html', 'stay')
  expect(writeSite({...output, files: new Map([['index.html', 'two']])})).toEqual({written: 1})
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('two')
  expect(existsSync(join(folder, 'old/page.html'))).toBe(false)
  expect(readdirSync(folder).sort()).toEqual(['.sitec-files', 'a', 'index.html', 'old', 'stranger.html'])
})

test('a list of files that was changed by hand removes nothing outside', async () => {
  await using box = sandbox()
  const kept = box.write('kept.txt', 'kept')
  box.write('dist/.sitec-files', `../kept.txt\n${kept}\na/../../kept.txt\n`)
  writeSite({root: box.project, folder: join(box.project, 'dist'), files: new Map(), assets: []})
  expect(readFileSync(kept, 'utf8')).toBe('kept')
})

test.each(['.', '..', 'content', 'static/out'])('sources are not written over: %s', async folder => {
  await using box = sandbox()
  box.write('content/index.md', page(''))
  box.write('static/out/x', '')
  const write = () =>
    writeSite({root: box.project, folder: join(box.project, folder), files: new Map(), assets: []})
  expect(write).toThrow(expect.objectContaining({code: 'OUTPUT_OVER_SOURCES', exitCode: 2}))
})

test('a disk that refuses is one clear error', async () => {
  await using box = sandbox()
  box.write('dist', 'a file')
  const write = () =>
    writeSite({
      root: box.project,
      folder: join(box.project, 'dist'),
      files: new Map([['index.html', '']]),
      assets: [],
    })
  expect(write).toThrow(expect.objectContaining({code: 'CANNOT_WRITE'}))
})
