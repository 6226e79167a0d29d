import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {currentPlatform} from '../../src/base/platform.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'

const {os, arch} = currentPlatform()
const here = `${os}-${arch}`
const elsewhere = here === 'linux-arm64' ? 'linux-x64' : 'linux-arm64'

/** A registry with esbuild, which has a package a platform, and TypeScript 5.9, which has one for all. */
async function machine() {
  const box = sandbox()
  const registry = await startRegistry()
  registry.publish('typescript', '5.9.3', {'bin/tsc': '// tsc\n', 'bin/tsserver': '// tsserver\n'})
  registry.publish('esbuild', '0.28.2', {'bin/esbuild': '// not this one\n'})
  for (const name of [here, elsewhere, 'win32-x64']) {
    const file = name.startsWith('win32') ? 'esbuild.exe' : 'bin/esbuild'
    registry.publish(`@esbuild/${name}`, '0.28.2', {[file]: `#!/bin/sh\necho ${name}\n`})
  }
  const image = join(box.root, 'image')
  const env = {HOME: box.root, ...registry.env}
  const at =
    (home: string) =>
    (...args: string[]) =>
      tool(args, {cwd: box.project, env: {...env, TOOL_HOME: home}})
  return {
    box,
    registry,
    image,
    run: at(join(box.root, '.tool')),
    fill: at(image),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test('--platform fills the home of another machine, without shims that call this one', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'esbuild 0.28.2\ntypescript 5.9.3\n')
  expect(await m.fill('install', '--platform', elsewhere)).toMatchObject({code: 0})
  const version = join(m.image, 'versions/esbuild/0.28.2')
  expect(readFileSync(join(version, 'bin/esbuild'), 'utf8')).toContain(elsewhere)
  expect(JSON.parse(readFileSync(join(version, 'receipt.json'), 'utf8'))).toMatchObject({platform: elsewhere})
  expect(existsSync(join(m.image, 'shims'))).toBe(false)
  expect((await m.fill('install', '--platform', elsewhere)).stdout).toContain('was installed already')
})

test('for Windows, programs keep their ending and are no links', async () => {
  await using m = await machine()
  expect(await m.fill('install', 'esbuild@0.28.2', '--platform', 'win32-x64')).toMatchObject({code: 0})
  const bin = join(m.image, 'versions/esbuild/0.28.2/bin')
  expect(readdirSync(bin)).toEqual(['esbuild.exe'])
  expect(lstatSync(join(bin, 'esbuild.exe')).isFile()).toBe(true)
  expect((await m.fill('install', 'esbuild@0.28.2', '--platform', 'win32-x64')).stdout).toContain('already')
})

test('for Windows, a batch file is called where it is, beside what it starts', async () => {
  await using m = await machine()
  const files = {'dart-sass/sass.bat': '@"%~dp0\\src\\dart.exe" %*\r\n', 'dart-sass/src/dart.exe': 'MZ'}
  m.registry.publish('sass-embedded', '1.105.0', {})
  m.registry.publish('sass-embedded-win32-x64', '1.105.0', files)
  expect(await m.fill('install', 'sass@1.105.0', '--platform', 'win32-x64')).toMatchObject({code: 0})
  const bin = join(m.image, 'versions/sass/1.105.0/bin')
  expect(readdirSync(bin)).toEqual(['sass.bat'])
  expect(readFileSync(join(bin, 'sass.bat'), 'utf8')).toBe('@"%~dp0..\\package\\dart-sass\\sass.bat" %*\r\n')
})

test('a home has a version for one platform only, unless one archive serves all', async () => {
  await using m = await machine()
  const both = ['esbuild@0.28.2', 'typescript@5.9.3']
  expect(await m.run('install', ...both)).toMatchObject({code: 0})
  expect(await m.run('install', 'typescript@5.9.3', '--platform', elsewhere)).toMatchObject({code: 0})
  const refused = await m.run('install', 'esbuild@0.28.2', '--platform', elsewhere)
  expect(refused).toMatchObject({code: 7, stdout: ''})
  expect(refused.stderr).toContain(
    `error PLATFORM_MISMATCH: esbuild 0.28.2 is in ${join(m.box.root, '.tool')} for ${here}, not for ${elsewhere} (set by the command line)`,
  )
  expect(refused.stderr).toContain(`set TOOL_HOME to another folder for ${elsewhere}`)
  // As on the second of two kinds of machines that share a home.
  expect(await m.run('install', '--force', 'esbuild@0.28.2', '--platform', elsewhere)).toMatchObject({
    code: 0,
  })
  expect(refused.stderr).not.toContain('--force')
  const doctor = await m.run('doctor', '--offline')
  expect(doctor.stdout).toContain(`0.28.2 is for ${elsewhere}, and can't run here`)
  expect(doctor.stdout).toContain('try: tool install --force esbuild@0.28.2')
  const shared = await m.run('install', 'esbuild@^0.28')
  expect(shared.stderr).toContain('tool install --force esbuild@0.28.2')
  expect(shared.stderr).toContain(`for ${elsewhere}, not for ${here}`)
})

test('a platform that is none, or that the version lacks, is told', async () => {
  await using m = await machine()
  const misspelt = await m.run('install', 'esbuild@0.28.2', '--platform', 'linux-x46')
  expect(misspelt).toMatchObject({code: 4})
  expect(misspelt.stderr).toMatch(/^error NO_ARTIFACT_FOR_PLATFORM: .*linux-x46/)
  const none = await m.run('install', 'esbuild@0.28.2', '--platform', 'arm64')
  expect(none).toMatchObject({code: 2})
  expect(none.stderr).toMatch(/^error PLATFORM_UNKNOWN: "arm64" is no name of a platform\n {2}try: /)
})
