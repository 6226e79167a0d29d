import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {complete, type KnownCommands} from '../../src/house/completion.ts'
import {splitLine} from '../../src/house/split-line.ts'
import {openSource} from '../../src/source/open.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'

const commands: KnownCommands = JSON.parse(readFileSync(join(packageRoot, 'dist/completions.json'), 'utf8'))

async function words(box: Sandbox, ...typed: string[]): Promise<string[]> {
  const found = complete(box.context, await loadDefinitions(box.context), commands, typed)
  return [...(found.also === 'nothing' ? [] : [`(${found.also})`]), ...found.candidates.map(({word}) => word)]
}

function withVersions(): Sandbox {
  const box = sandbox()
  for (const version of ['5.8.2', '5.9.3', '5.10.0']) putVersion(box, 'typescript', version)
  putVersion(box, 'esbuild', '0.28.2')
  return box
}

test('commands, flags, and values that are few', async () => {
  await using box = withVersions()
  expect(await words(box, 'inst')).toEqual(['install'])
  expect(await words(box, '')).toEqual(expect.arrayContaining(['build', 'versions', 'help']))
  expect(await words(box, '')).not.toContain('complete')
  expect(await words(box, 'versions', '--b')).toEqual(['--bare'])
  expect(await words(box, '-C', '/tmp', '--quiet', 'whi')).toEqual(['which'])
  expect(await words(box, 'build', '--format', 'n')).toEqual(['ndjson'])
  expect(await words(box, 'build', '--format=s')).toEqual(['--format=sarif'])
  expect(await words(box, 'exec', '--no')).toEqual(['--no-install'])
  expect(await words(box, 'init', '')).toEqual(['bash', 'zsh', 'fish', 'powershell'])
  expect(await words(box, '-C', '')).toEqual(['(folders)'])
  expect(await words(box, 'supervise', 'd')).toEqual(['(files)'])
  expect(await words(box, 'no-such-command', '')).toEqual([])
  expect(await words(box, 'help', 'inst')).toEqual(['install'])
  expect(await words(box, 'config', 'u')).toEqual(['unset'])
  expect(await words(box, 'config', 'get', 'def')).toEqual(['defaultToolchain'])
  expect(await words(box, 'link', 'dev', '')).toEqual(['(folders)'])
})

test('toolchains and installed versions, newest first', async () => {
  await using box = withVersions()
  expect(await words(box, 'uninstall', '5.')).toEqual(['5.10.0', '5.9.3', '5.8.2'])
  expect(await words(box, 'uninstall', '5.8.2', '5.9')).toEqual(['5.9.3'])
  expect(await words(box, 'uninstall', 'es')).toEqual(['(unfinished)', 'esbuild@'])
  expect(await words(box, 'uninstall', 'esbuild@')).toEqual(['esbuild@0.28.2'])
  expect(await words(box, 'prefix', '-t', 'esbuild', '')).toEqual(['0.28.2', 'esbuild@', 'typescript@'])
  expect(await words(box, 'prefix', '--toolchain=esbuild', '0')).toEqual(['0.28.2'])
  expect(await words(box, 'versions', '-t', 'esb')).toEqual(['esbuild'])
  expect(await words(box, 'versions', '--toolchain=esb')).toEqual(['--toolchain=esbuild'])
})

test('what exec runs, on both sides of its --', async () => {
  await using box = withVersions()
  expect(await words(box, 'exec', 'ts')).toEqual(['(files)', 'tsc', 'tsserver'])
  expect(await words(box, 'exec', 'typescript@5.8')).toEqual(['typescript@5.8.2'])
  expect(await words(box, 'exec', 'typescript@5.8.2', '')).toEqual(['--', 'esbuild@', 'typescript@'])
  expect(await words(box, 'exec', 'typescript@5.8.2', '--', 'ts')).toEqual(['tsc', 'tsserver'])
  expect(await words(box, 'exec', 'typescript@5.8.2', '--', 'tsc', '')).toEqual(['(files)'])
  expect(await words(box, 'exec', 'tsc', '--')).toEqual(['(files)'])
  expect(await words(box, 'build', 'esbuild', '--', '')).toEqual(['(files)'])
})

test('versions that can be installed, from the cache alone', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  for (const version of ['5.9.2', '5.9.10', '6.0.0-beta']) registry.publish('typescript', version, {})
  registry.tag('typescript', 'latest', '5.9.10')
  expect(await words(box, 'install', 'la')).toEqual(['latest'])
  const definitions = await loadDefinitions(box.context)
  await openSource(box.context, definitions.get('typescript', {kind: 'default'})).list()
  putVersion(box, 'typescript', 'mine')
  const asked = registry.requests.length
  expect(await words(box, 'install', '5')).toEqual(['5.9.10', '5.9.2'])
  expect(await words(box, 'install', 'typescript@')).toEqual([
    'typescript@5.9.10',
    'typescript@5.9.2',
    'typescript@mine',
    'typescript@latest',
  ])
  expect(registry.requests.length).toBe(asked)
})

test('a line that is being typed', () => {
  expect(splitLine('tool install ')).toEqual(['tool', 'install', ''])
  expect(splitLine('tool  install typescript@5')).toEqual(['tool', 'install', 'typescript@5'])
  expect(splitLine('tool install ">=5.8 <')).toEqual(['tool', 'install', '>=5.8 <'])
  expect(splitLine("tool -C 'a b' $(rm -rf x) a\\ b")).toEqual([
    'tool',
    '-C',
    'a b',
    '$(rm',
    '-rf',
    'x)',
    'a b',
  ])
  expect(splitLine('')).toEqual([''])
})
