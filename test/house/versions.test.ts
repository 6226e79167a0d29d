import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {renderVersions} from '../../src/cli/render/versions.ts'
import {withDetails} from '../../src/house/version-details.ts'
import {namesOfVersions, type VersionsOptions, versions} from '../../src/house/versions.ts'
import {listInstalled} from '../../src/store/installed.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

async function listed(box: Sandbox, options: VersionsOptions = {}, context = box.context): Promise<string> {
  const list = versions(context, await loadDefinitions(context), options)
  return renderVersions(list, context, {single: options.toolchain !== undefined})
}

test('all toolchains, in natural order, what is pinned here with a star', async () => {
  await using box = sandbox()
  for (const version of ['5.10.0', '5.9.3', '5.10.0-beta']) putVersion(box, 'typescript', version)
  putVersion(box, 'esbuild', '0.28.2')
  box.write('.toolversion', 'typescript ^5.9\nesbuild 0.1.0\n')
  expect(await listed(box)).toBe(
    [
      '  esbuild     0.28.2',
      '  typescript  5.9.3',
      '  typescript  5.10.0-beta',
      '* typescript  5.10.0       (set by .toolversion:1)',
      '',
    ].join('\n'),
  )
})

test('of one toolchain, as rbenv lists it, with the system’s first where there is one', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '2.0.0']) putVersion(box, 'esbuild', version)
  box.write('.toolversion', 'esbuild 1.0.0\n')
  const bin = join(box.root, 'bin')
  writeProgram(join(bin, 'esbuild'))
  const env = {PATH: bin}
  const own = {toolchain: 'esbuild'}
  expect(await listed(box, own, box.at({env}))).toBe('  system\n* 1.0.0   (set by .toolversion:1)\n  2.0.0\n')
  expect(await listed(box, own, box.at({env: {PATH: box.root}}))).toBe(
    '* 1.0.0  (set by .toolversion:1)\n  2.0.0\n',
  )
  expect(await listed(box, own, box.at({env: {...env, TOOL_ESBUILD_VERSION: 'system'}}))).toBe(
    '* system  (set by TOOL_ESBUILD_VERSION)\n  1.0.0\n  2.0.0\n',
  )
  expect(await listed(box, own, box.at({env, cwd: box.root}))).toBe(
    '* system  (set by the default)\n  1.0.0\n  2.0.0\n',
  )
})

test('what is pinned to be the system’s is listed with the rest', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0')
  box.write('.toolversion', 'esbuild system\n')
  expect(await listed(box)).toBe('* esbuild  system  (set by .toolversion:1)\n  esbuild  1.0.0\n')
})

test('a pin that can’t be followed marks nothing, and is no failure', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0')
  box.write('.toolversion', 'esbuild path:../x\nnosuchthing 1.0.0\n')
  expect(await listed(box)).toBe('  esbuild  1.0.0\n')
})

test('other names for a version can be left out; links elsewhere stay', async () => {
  await using box = sandbox()
  const {context} = box
  putVersion(box, 'esbuild', '1.0.0')
  symlinkSync('1.0.0', context.layout.version('esbuild', 'stable'))
  symlinkSync(context.layout.version('esbuild', 'stable'), context.layout.version('esbuild', 'best'))
  writeProgram(join(box.root, 'mine', 'bin', 'esbuild'))
  symlinkSync(join(box.root, 'mine'), context.layout.version('esbuild', 'dev'))
  const names = (skipAliases: boolean) => namesOfVersions(context, 'esbuild', {skipAliases})
  expect(names(false)).toEqual(['best', 'dev', 'stable', '1.0.0'])
  expect(names(true)).toEqual(['dev', '1.0.0'])
})

test('sizes are those on the disk, measured once; origins say where a version came from', async () => {
  await using box = sandbox()
  const {context} = box
  putVersion(box, 'esbuild', '1.0.0', {runtime: 'none'})
  writeFileSync(join(context.layout.version('esbuild', '1.0.0'), 'big'), Buffer.alloc(100_000))
  putVersion(box, 'esbuild', '2.0.0')
  writeProgram(join(box.root, 'mine', 'bin', 'esbuild'))
  symlinkSync(join(box.root, 'mine'), context.layout.version('esbuild', 'dev'))
  const details = () => withDetails(context, listInstalled(context, 'esbuild'))
  const [dev, one, two] = details()
  expect(dev).toMatchObject({size: 0, origin: {kind: 'linked', target: join(box.root, 'mine')}})
  expect(two).toMatchObject({origin: {kind: 'by-hand'}})
  expect(one).toMatchObject({
    version: '1.0.0',
    origin: {
      kind: 'source',
      source: 'npm esbuild',
      url: 'https://registry.example/esbuild.tgz',
      integrity: expect.stringMatching(/^sha512-A+==$/),
      date: '2026-01-01T00:00:00.000Z',
    },
  })
  expect(one?.size).toBeGreaterThanOrEqual(100_000)
  expect(one?.size).toBeLessThan(200_000)
  // What we installed does not change, what is a person's own may.
  writeFileSync(join(context.layout.version('esbuild', '1.0.0'), 'bigger'), Buffer.alloc(500_000))
  writeFileSync(join(context.layout.version('esbuild', '2.0.0'), 'bigger'), Buffer.alloc(500_000))
  expect(details()[1]?.size).toBe(one?.size)
  expect(details()[2]?.size).toBeGreaterThan(500_000)
  for (const spoilt of [
    '',
    '[]',
    '{"schema":1,"sizes":{"esbuild/1.0.0":{"date":"2026-01-01T00:00:00.000Z","bytes":"x"}}}',
  ]) {
    writeFileSync(join(context.layout.cache, 'sizes.json'), spoilt)
    expect(details()[1]?.size).toBeGreaterThan(600_000)
  }
})

test('where the cache can’t be written sizes are measured nevertheless', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0', {runtime: 'none'})
  writeFileSync(box.context.layout.cache, '')
  const [one] = withDetails(box.context, listInstalled(box.context, 'esbuild'))
  expect(one?.size).toBeGreaterThan(0)
})

test('a folder without bin, a file and a link to nothing are no versions', async () => {
  await using box = sandbox()
  const {layout} = box.context
  mkdirSync(layout.version('esbuild', 'half'), {recursive: true})
  writeFileSync(layout.version('esbuild', 'file'), '')
  symlinkSync('nowhere', layout.version('esbuild', 'gone'))
  expect(await listed(box)).toBe('')
})
