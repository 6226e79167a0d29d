import {existsSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {planUninstall, uninstall} from '../../src/house/uninstall.ts'
import {listInstalled} from '../../src/store/installed.ts'
import {updateLinks} from '../../src/store/links.ts'
import {rememberProject} from '../../src/store/projects.ts'
import {openControl} from '../../src/supervisor/index.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {parseSpec} from '../../src/version/spec.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {shellWorker, supervised} from '../support/supervised.ts'

async function plan(box: Sandbox, words: string[], options: {force?: boolean} = {}, context = box.context) {
  const definitions = await loadDefinitions(context)
  return planUninstall(context, definitions, {words, toolchain: 'esbuild', ...options})
}

const names = (all: readonly {toolchain: string; version: string}[]) =>
  all.map(({toolchain, version}) => `${toolchain}@${version}`)

test('versions are named as they are listed, of the default toolchain or another', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.1.0', '2.0.0', 'my build', '-x', 'a@b', '..foo'])
    putVersion(box, 'esbuild', version)
  putVersion(box, 'sass', '1.0.0')
  putVersion(box, 'unknown', '1.0.0')
  for (const [word, expected] of [
    ['1.0.0', 'esbuild@1.0.0'],
    ['v1.0.0', 'esbuild@1.0.0'],
    ['esbuild@1.0.0', 'esbuild@1.0.0'],
    ['^2', 'esbuild@2.0.0'],
    ['my build', 'esbuild@my build'],
    ['esbuild@my build', 'esbuild@my build'],
    ['-x', 'esbuild@-x'],
    ['a@b', 'esbuild@a@b'],
    ['..foo', 'esbuild@..foo'],
    ['sass@1.0.0', 'sass@1.0.0'],
    ['unknown@1.0.0', 'unknown@1.0.0'],
  ] as const) {
    expect({word, found: names(await plan(box, [word]))}).toEqual({word, found: [expected]})
  }
  expect(names(await plan(box, ['1.0.0', 'v1.0.0', 'sass@1']))).toEqual(['esbuild@1.0.0', 'sass@1.0.0'])
})

test('what names none, several, or no version at all is told with what there is', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) putVersion(box, 'esbuild', version)
  for (const [word, code, exitCode, text] of [
    ['1', 'VERSION_AMBIGUOUS', 2, '1.0.0, 1.1.0'],
    ['esbuild', 'VERSION_MISSING', 2, 'esbuild is a toolchain'],
    ['esbuild@', 'VERSION_MISSING', 2, 'esbuild is a toolchain'],
    ['1.0.1', 'VERSION_NOT_INSTALLED', 7, 'esbuild 1.0.1 is not installed'],
    ['latest', 'VERSION_NOT_INSTALLED', 7, 'esbuild latest is not installed'],
    ['..', 'VERSION_NOT_INSTALLED', 7, 'esbuild .. is not installed'],
    ['../esbuild', 'VERSION_NOT_INSTALLED', 7, 'is not installed'],
    ['1.0.0/bin', 'VERSION_NOT_INSTALLED', 7, 'is not installed'],
    ['typescript@5.9.3', 'VERSION_NOT_INSTALLED', 7, 'typescript 5.9.3 is not installed'],
    ['esbuidl@1.0.0', 'UNKNOWN_TOOLCHAIN', 3, 'esbuidl'],
  ] as const) {
    const failure = await plan(box, [word]).catch(error => error)
    expect({word, ...failure, message: failure.message}).toMatchObject({
      word,
      code,
      exitCode,
      message: expect.stringContaining(text),
    })
  }
  expect(await plan(box, ['1.0.1']).catch(error => error.hint)).toContain('1.0.0')
  expect(await plan(box, ['1.0.1'], {force: true})).toEqual([])
  await expect(plan(box, ['1'], {force: true})).rejects.toMatchObject({code: 'VERSION_AMBIGUOUS'})
  expect(names(listInstalled(box.context, 'esbuild'))).toHaveLength(3)
})

test('who needs a version is told: known projects, the global pins, this place, other names', async () => {
  await using box = sandbox()
  const {context} = box
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0']) putVersion(box, 'esbuild', version)
  const other = join(box.root, 'other')
  mkdirSync(other)
  box.write('../other/.toolversion', 'esbuild ~1.0\n')
  await rememberProject(context, other)
  box.write('.toolversion', 'esbuild 1.1.0\n')
  box.write('../.tool/version', 'esbuild 1.2.0\n')
  symlinkSync('1.3.0', context.layout.version('esbuild', 'stable'))
  const uses = async (word: string, env: Record<string, string> = {}) =>
    (await plan(box, [word], {}, box.at({env})))[0]?.uses
  const at = (path: string) => ({kind: 'file', path, line: 1})
  expect(await uses('1.0.0')).toEqual([
    {kind: 'project', root: other, origin: at(join(other, '.toolversion'))},
  ])
  expect(await uses('1.1.0')).toEqual([
    {kind: 'project', root: box.project, origin: at(join(box.project, '.toolversion'))},
  ])
  expect(await uses('1.2.0')).toEqual([{kind: 'global', origin: at(context.layout.globalPins)}])
  expect(await uses('1.3.0')).toEqual([{kind: 'alias', name: 'stable'}])
  expect(await uses('1.4.0')).toEqual([])
  // A variable speaks of this place alone.
  const variable = {TOOL_ESBUILD_VERSION: '1.4.0'}
  expect(await uses('1.4.0', variable)).toEqual([
    {kind: 'here', origin: {kind: 'variable', name: 'TOOL_ESBUILD_VERSION'}},
  ])
  expect(await uses('1.0.0', variable)).toHaveLength(1)
})

test('a project whose pins are wrong is told of, and in nobody’s way', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0')
  const broken = join(box.root, 'broken')
  mkdirSync(broken)
  box.write('../broken/.toolversion', 'esbuild\n')
  await rememberProject(box.context, broken)
  expect(names(await plan(box, ['1.0.0']))).toEqual(['esbuild@1.0.0'])
  expect(box.logged.filter(line => line.startsWith('warning'))).toEqual([
    expect.stringContaining(`what is pinned in ${broken} is not known`),
  ])
})

test('links of specs move to what is left; a linked version loses only its link, also one that leads nowhere', async () => {
  await using box = sandbox()
  const {context} = box
  for (const version of ['1.0.0', '1.1.0']) putVersion(box, 'esbuild', version)
  const spec = parseSpec('^1')
  if (spec.kind === 'problem') throw new Error(spec.message)
  await updateLinks(context, 'esbuild', {spec, version: '1.1.0'})
  const program = writeProgram(join(box.root, 'mine', 'bin', 'esbuild'))
  symlinkSync(join(box.root, 'mine'), context.layout.version('esbuild', 'dev'))
  symlinkSync(join(box.root, 'nowhere'), context.layout.version('esbuild', 'gone'))
  mkdirSync(context.layout.version('esbuild', 'half'))
  await uninstall(context, await loadDefinitions(context), await plan(box, ['1.1.0', 'dev', 'gone', 'half']))
  expect(readdirSync(context.layout.toolchain('esbuild'))).toEqual(['1.0.0'])
  expect(existsSync(program)).toBe(true)
  expect(existsSync(join(context.layout.links, 'esbuild', '^1', 'bin', 'esbuild'))).toBe(true)
})

test('a version that a supervisor runs is in use, whatever its project pins by now', async () => {
  await using s = supervised()
  const {box, supervisor} = s
  for (const version of ['1.0.0', '2.0.0']) putVersion(box, 'esbuild', version)
  const place = {layout: box.context.layout, projectRoot: box.project, version: '1.2.3'}
  await using _control = await openControl(supervisor, place)
  await supervisor.start(shellWorker('sleep 60', {id: 'serve:esbuild@1.0.0'})).ready()
  const uses = async (word: string) => (await plan(box, [word]))[0]?.uses
  expect(await uses('1.0.0')).toEqual([{kind: 'supervisor', root: box.project, pid: process.pid}])
  expect(await uses('2.0.0')).toEqual([])
  await supervisor.shutdown({grace: 0})
})
