import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {writeDirectoryIndex} from '../../src/source/directory-index.ts'
import {openSource} from '../../src/source/open.ts'
import {startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {npmToolchain} from '../support/toolchain.ts'

const at = (path: string) => npmToolchain('ore', {sources: [{kind: 'directory', path}]})

/** A folder with a version for every platform, and one for another platform only. */
function offerOre(box: Sandbox): {directory: string; archive: Buffer} {
  const directory = join(box.root, 'offers')
  const archive = packageTarball({'bin/ore': 'ore 1'})
  const file = box.write('packed/ore-1.tgz', archive)
  const other = box.write('packed/ore-2.tgz', packageTarball({'bin/ore': 'ore 2'}))
  writeDirectoryIndex(
    directory,
    [
      {version: '1.0.0', file, format: 'tar.gz', strip: 1},
      {version: '2.0.0', file: other, format: 'tar.gz', strip: 1, platform: 'plan9-x64'},
    ],
    {latest: '2.0.0'},
  )
  return {directory, archive}
}

test('versions, tags, and blobs under their digests', async () => {
  await using box = sandbox()
  const {directory, archive} = offerOre(box)
  const source = openSource(box.context, at(directory))
  expect(await source.list()).toEqual({versions: ['1.0.0', '2.0.0'], tags: {latest: '2.0.0'}})
  const artifact = await source.artifact('1.0.0')
  expect(artifact).toMatchObject({size: archive.length, format: 'tar.gz', strip: 1})
  expect(artifact.integrity).toMatch(/^sha256-/)
  expect(artifact.url).toMatch(/\/blobs\/sha256\/[0-9a-f]{64}$/)
  expect(readFileSync(fileURLToPath(artifact.url)).equals(archive)).toBe(true)
})

test('the same folder behind a web server', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const {directory} = offerOre(box)
  registry.on('/mirror/ore/*', (request, response) => {
    response.end(readFileSync(join(directory, (request.url ?? '').slice('/mirror/ore/'.length))))
  })
  const source = openSource(box.context, at(`${registry.url}mirror/ore`))
  expect((await source.list()).versions).toEqual(['1.0.0', '2.0.0'])
  const {url, integrity} = await source.artifact('1.0.0')
  expect(url).toMatch(`${registry.url}mirror/ore/blobs/sha256/`)
  expect((await openSource(box.context, at(pathToFileURL(directory).href)).artifact('1.0.0')).integrity).toBe(
    integrity,
  )
})

test('what is not there', async () => {
  await using box = sandbox()
  const {directory} = offerOre(box)
  const source = openSource(box.context, at(directory))
  await expect(source.artifact('3.0.0')).rejects.toMatchObject({code: 'NO_SUCH_VERSION', exitCode: 4})
  await expect(source.artifact('toString')).rejects.toMatchObject({code: 'NO_SUCH_VERSION'})
  await expect(source.artifact('2.0.0')).rejects.toMatchObject({
    code: 'NO_ARTIFACT_FOR_PLATFORM',
    exitCode: 4,
  })
  await expect(openSource(box.context, at(join(directory, 'none'))).list()).rejects.toMatchObject({
    code: 'NETWORK_NOT_FOUND',
  })
})

test.each([
  ['no JSON', 'hello', 'NETWORK_NOT_JSON', ''],
  ['no index', '[]', 'INDEX_INVALID', ''],
  [
    'a digest of the wrong kind',
    index({blob: 'md5-abc'}),
    'INDEX_INVALID',
    'versions.1.0.0.artifacts.0.blob',
  ],
  ['a blob that is a path', index({blob: 'sha256-../../etc/passwd'}), 'INDEX_INVALID', 'blob'],
  ['an unknown format', index({format: 'rar'}), 'INDEX_INVALID', 'versions.1.0.0.artifacts.0.format'],
])('an index that is %s', async (_what, text, code, where) => {
  await using box = sandbox()
  const directory = join(box.root, 'offers')
  mkdirSync(directory)
  writeFileSync(join(directory, 'index.json'), text)
  const failure = await openSource(box.context, at(directory))
    .list()
    .catch(error => error)
  expect(failure).toMatchObject({code, exitCode: 5})
  expect(failure.message).toContain(where)
})

function index(changes: object): string {
  const blob = `sha256-${Buffer.alloc(32).toString('base64')}`
  const artifact = {blob, size: 1, format: 'tar.gz', strip: 0, ...changes}
  return JSON.stringify({versions: {'1.0.0': {artifacts: [artifact]}}, tags: {}})
}
