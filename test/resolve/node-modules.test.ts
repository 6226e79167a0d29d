import {execFileSync} from 'node:child_process'
import {chownSync, cpSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {currentPlatform} from '../../src/base/platform.ts'
import {findPin} from '../../src/pin/find.ts'
import {binsOnPath, programOf, versionOf} from '../../src/resolve/bin.ts'
import {commandOf} from '../../src/resolve/command.ts'
import {describeResolved} from '../../src/resolve/describe.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import type {Resolved} from '../../src/resolve/types.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

const {os, arch} = currentPlatform()
const native = `${os}-${arch}`

async function resolve(context: Context, toolchain = 'typescript'): Promise<Resolved> {
  const definitions = await loadDefinitions(context)
  const pin = findPin(context, definitions, toolchain)
  return resolveLocal(context, definitions.get(toolchain, pin.origin), pin)
}

/** Installs a package as npm does: its files, and the links of its commands. */
function installPackage(
  folder: string,
  name: string,
  version: string,
  files: string[],
  bin?: object | string,
): string {
  const directory = join(folder, 'node_modules', name)
  mkdirSync(directory, {recursive: true})
  writeFileSync(join(directory, 'package.json'), JSON.stringify({name, version, bin}))
  for (const file of files) writeProgram(join(directory, file), `#!/bin/sh\necho "${name} ${version} $*"\n`)
  return directory
}

const typescript = (folder: string, version: string) =>
  installPackage(folder, 'typescript', version, ['bin/tsc', 'bin/tsserver'], {
    tsc: 'bin/tsc',
    tsserver: 'bin/tsserver',
  })

function esbuild(folder: string, version: string): void {
  installPackage(folder, 'esbuild', version, ['bin/esbuild'], {esbuild: 'bin/esbuild'})
  installPackage(folder, `@esbuild/${native}`, version, ['bin/esbuild'])
}

test('the project’s own package serves where the store has none', async () => {
  await using box = sandbox({PATH: '/usr/bin:/bin'})
  box.write('.toolversion', 'typescript ^5.9\n')
  const directory = typescript(box.project, '5.9.3')
  const resolved = await resolve(box.context)
  expect(resolved).toMatchObject({via: 'node-modules', version: '5.9.3', directory})
  expect(versionOf(resolved)).toBe('5.9.3')
  expect(binsOnPath(resolved)).toEqual([join(directory, 'bin')])
  expect(programOf(resolved, 'tsserver', box.context)).toBe(join(directory, 'bin/tsserver'))
  expect(describeResolved(resolved, box.context)).toBe(
    'from node_modules/typescript, since 5.9.3 satisfies ^5.9 set by .toolversion:1',
  )
  const definitions = await loadDefinitions(box.context)
  const line = commandOf(box.context, definitions, resolved, 'tsc')
  expect(line).toMatchObject({args: [join(directory, 'bin/tsc')], binDirectories: [join(directory, 'bin')]})
  expect(line.file).toMatch(/\/node$/)
  expect(() => commandOf(box.context, definitions, resolved, 'none')).toThrow(
    expect.objectContaining({
      code: 'COMMAND_NOT_FOUND',
      message: 'typescript 5.9.3 of node_modules has no command "none" (set by .toolversion:1)',
    }),
  )
})

test('the store comes first, and what is linked into it', async () => {
  await using box = sandbox({PATH: ''})
  box.write('.toolversion', 'typescript ^5.9\n')
  typescript(box.project, '5.9.4')
  const own = join(box.root, 'built')
  writeProgram(join(own, 'bin/tsc'))
  mkdirSync(box.context.layout.toolchain('typescript'), {recursive: true})
  symlinkSync(own, box.context.layout.version('typescript', '5.9.9'))
  expect(await resolve(box.context)).toMatchObject({
    via: 'store',
    linked: true,
    installed: {version: '5.9.9'},
  })
  expect(describeResolved(await resolve(box.context), box.context)).toBe(
    'linked into the store, since 5.9.9 satisfies ^5.9 set by .toolversion:1',
  )
  putVersion(box, 'typescript', '5.9.3')
  expect(await resolve(box.context)).toMatchObject({
    via: 'store',
    linked: false,
    installed: {version: '5.9.3'},
  })
  box.write('.toolversion', 'typescript 5.9.9\n')
  expect(await resolve(box.context)).toMatchObject({
    via: 'store',
    linked: true,
    installed: {version: '5.9.9'},
  })
})

test.each([
  ['5.8.3', 'missing'],
  ['^5.8', 'missing'],
  ['latest', 'missing'],
  ['5.9.3', 'node-modules'],
  ['v5.9.3', 'node-modules'],
  ['5', 'node-modules'],
  ['>=5 <6', 'node-modules'],
  ['5.8 5.9', 'node-modules'],
])('a package of 5.9.3 and a pin of %s', async (spec, via) => {
  await using box = sandbox({PATH: ''})
  box.write(
    '.toolversion',
    `typescript ${spec === '^5.8' ? '~5.8' : spec.startsWith('>') ? `"${spec}"` : spec}\n`,
  )
  typescript(box.project, '5.9.3')
  expect((await resolve(box.context)).via).toBe(via)
})

describe('in a monorepo', () => {
  test('what is hoisted above the pin is found, the nearest that fits', async () => {
    await using box = sandbox({PATH: ''})
    box.write('packages/a/.toolversion', 'typescript ^5\n')
    const hoisted = typescript(box.project, '5.9.3')
    const context = box.at({cwd: join(box.project, 'packages/a')})
    expect(await resolve(context)).toMatchObject({via: 'node-modules', directory: hoisted})
    typescript(join(box.project, 'packages'), '4.9.5')
    expect(await resolve(context)).toMatchObject({directory: hoisted})
    const own = typescript(join(box.project, 'packages/a'), '5.8.3')
    expect(await resolve(context)).toMatchObject({directory: own, version: '5.8.3'})
  })

  test('it is looked for from where the person is', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    const own = typescript(join(box.project, 'packages/a'), '5.8.3')
    const cwd = join(box.project, 'packages/a/src')
    mkdirSync(cwd)
    expect(await resolve(box.at({cwd}))).toMatchObject({directory: own})
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
    // From elsewhere, by TOOL_DIR, it is what the pinning folder has.
    const hoisted = typescript(box.project, '5.9.3')
    expect(await resolve(box.at({cwd: box.root, env: {TOOL_DIR: box.project}}))).toMatchObject({
      directory: hoisted,
    })
  })

  test('the home and what is above it are nobody’s project', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    typescript(box.root, '5.9.3')
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
  })
})

describe('a native program', () => {
  test('is taken from the package of its platform, as Node would find it', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'esbuild ^0.28\n')
    esbuild(box.project, '0.28.2')
    const resolved = await resolve(box.context, 'esbuild')
    const program = join(box.project, `node_modules/@esbuild/${native}/bin/esbuild`)
    expect(resolved).toMatchObject({via: 'node-modules', version: '0.28.2', programs: {esbuild: program}})
    const line = commandOf(box.context, await loadDefinitions(box.context), resolved, 'esbuild')
    expect(line).toEqual({file: program, args: [], binDirectories: [dirname(program)]})
  })

  test('beside the real package, where a package manager has links', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'esbuild ^0.28\n')
    const store = join(box.project, 'node_modules/.pnpm/esbuild@0.28.2')
    esbuild(store, '0.28.2')
    symlinkSync(join(store, 'node_modules/esbuild'), join(box.project, 'node_modules/esbuild'))
    expect(await resolve(box.context, 'esbuild')).toMatchObject({
      programs: {esbuild: join(store, `node_modules/@esbuild/${native}/bin/esbuild`)},
    })
  })

  test('of another version, or absent, is no reason to leave the package’s own command', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'esbuild ^0.28\n')
    const directory = installPackage(box.project, 'esbuild', '0.28.2', ['bin/esbuild'], 'bin/esbuild')
    installPackage(box.project, `@esbuild/${native}`, '0.27.0', ['bin/esbuild'])
    expect(await resolve(box.context, 'esbuild')).toMatchObject({
      programs: {esbuild: join(directory, 'bin/esbuild')},
    })
  })

  test('TypeScript 7 and esbuild as this repository has them', async () => {
    await using box = sandbox({PATH: ''})
    const requireHere = createRequire(join(packageRoot, 'package.json'))
    const versions: Record<string, string> = {}
    for (const name of ['typescript', `@typescript/typescript-${native}`, 'esbuild', `@esbuild/${native}`]) {
      const from = dirname(requireHere.resolve(`${name}/package.json`))
      cpSync(from, join(box.project, 'node_modules', name), {recursive: true})
      versions[name] = requireHere(`${name}/package.json`).version
    }
    box.write('.toolversion', `typescript ${versions.typescript}\nesbuild ${versions.esbuild}\n`)
    const definitions = await loadDefinitions(box.context)
    for (const [name, command] of [
      ['typescript', 'tsc'],
      ['esbuild', 'esbuild'],
    ] as const) {
      const resolved = await resolve(box.context, name)
      expect(resolved.via).toBe('node-modules')
      const {file, args} = commandOf(box.context, definitions, resolved, command)
      expect(args).toEqual([])
      expect(execFileSync(file, ['--version'], {encoding: 'utf8'})).toContain(versions[name])
    }
  })
})

describe('does not count', () => {
  test('where a variable, the global file or the command line pins', async () => {
    await using box = sandbox({PATH: '', TOOL_TYPESCRIPT_VERSION: '5.9'})
    typescript(box.project, '5.9.3')
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
    mkdirSync(box.context.layout.home)
    writeFileSync(box.context.layout.globalPins, 'typescript 5.9\n')
    expect(await resolve(box.at({env: {TOOL_TYPESCRIPT_VERSION: ''}}))).toMatchObject({via: 'missing'})
  })

  test('where the toolchain comes from no npm package', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'sitec 2.0.0\n')
    installPackage(box.project, 'sitec', '2.0.0', ['bin/sitec.js'], 'bin/sitec.js')
    expect(await resolve(box.context, 'sitec')).toMatchObject({via: 'missing'})
  })

  test.each([
    ['null', 'null'],
    ['a word', '"5.9.3"'],
    ['no version', '{"name": "typescript"}'],
    ['half of it', '{"version": "5.9'],
    ['another thing for a version', '{"version": {"5.9.3": 1}}'],
    ['no programs', '{"version": "5.9.3", "bin": {"tsc": "../../../x"}}'],
  ])('with a package.json of %s', async (_what, text) => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    box.write('node_modules/typescript/package.json', text)
    writeProgram(join(box.project, 'x'))
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
  })

  test('with programs that lead out of the package', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    const directory = installPackage(box.project, 'typescript', '5.9.3', [], {
      tsc: '../../evil',
      tsserver: '/bin/sh',
    })
    writeProgram(join(box.project, 'evil'))
    mkdirSync(join(directory, 'bin'))
    symlinkSync('/bin/sh', join(directory, 'bin/tsc'))
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
  })

  // Only root can give files away.
  test.runIf(process.getuid?.() === 0)('of another user', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    const directory = typescript(box.project, '5.9.3')
    for (const file of ['bin/tsc', 'bin/tsserver']) chownSync(join(directory, file), 65_534, 65_534)
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
    for (const file of ['bin/tsc', 'bin/tsserver']) chownSync(join(directory, file), 0, 0)
    expect(await resolve(box.context)).toMatchObject({via: 'node-modules'})
    chownSync(join(directory, 'package.json'), 65_534, 65_534)
    expect(await resolve(box.context)).toMatchObject({via: 'missing'})
  })

  test('with a lock', async () => {
    await using box = sandbox({PATH: ''})
    box.write('.toolversion', 'typescript ^5\n')
    box.write('.toolversion.lock', '')
    typescript(box.project, '5.9.3')
    expect(await resolve(box.context)).toMatchObject({via: 'missing', because: {kind: 'not-locked'}})
  })
})

test('a command of another name than its file is found through .bin', async () => {
  await using box: Sandbox = sandbox({PATH: ''})
  mkdirSync(box.context.layout.definitions, {recursive: true})
  const definition = {
    name: 'ore',
    title: 'ore',
    homepage: 'https://ore.example/',
    sources: [{kind: 'npm', package: '@mine/ore'}],
    executables: {ore: {path: 'lib/main.js', runtime: 'node'}},
  }
  writeFileSync(join(box.context.layout.definitions, 'ore.json'), JSON.stringify(definition))
  box.write('.toolversion', 'ore 1\n')
  const directory = installPackage(box.project, '@mine/ore', '1.2.0', ['lib/main.js'])
  const resolved = await resolve(box.context, 'ore')
  expect(resolved).toMatchObject({programs: {ore: join(directory, 'lib/main.js')}})
  expect(binsOnPath(resolved)).toEqual([join(box.project, 'node_modules/.bin')])
})
