import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {renderPrune} from '../../src/cli/render/prune.ts'
import {type PruneOptions, runPrune} from '../../src/cli/run-prune.ts'
import {planPrune, prune} from '../../src/house/prune.ts'
import {rememberProject} from '../../src/store/projects.ts'
import {logFolder} from '../../src/supervisor/log-record.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {treeOf} from '../support/tree.ts'

const plan = async ({context}: Sandbox) => planPrune(context, await loadDefinitions(context))
const names = (all: readonly {toolchain: string; version: string}[]) =>
  all.map(({toolchain, version}) => `${toolchain}@${version}`)
const install = (box: Sandbox, toolchain: string, version: string) =>
  putVersion(box, toolchain, version, {runtime: 'none'})

async function project(box: Sandbox, name: string, pins: string): Promise<string> {
  const root = join(box.root, name)
  mkdirSync(root)
  writeFileSync(join(root, '.toolversion'), pins)
  await rememberProject(box.context, root)
  return root
}

test('what nobody needs goes, the rest stays, and a plan changes nothing', async () => {
  await using box = sandbox()
  const {context} = box
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0']) install(box, 'esbuild', version)
  install(box, 'typescript', '5.9.3')
  putVersion(box, 'esbuild', 'by-hand')
  writeProgram(join(box.root, 'mine', 'bin', 'esbuild'))
  symlinkSync(join(box.root, 'mine'), context.layout.version('esbuild', 'dev'))
  symlinkSync('2.0.0', context.layout.version('esbuild', 'two'))
  const one = await project(box, 'one', 'esbuild ^1\n')
  await project(box, 'two', 'esbuild 1.0.0\n')
  writeFileSync(context.layout.globalPins, 'typescript latest\n')
  // The sizes are remembered, which is all that may change.
  await plan(box)
  const before = treeOf(context.layout.home)
  const planned = await plan(box)
  expect(treeOf(context.layout.home)).toEqual(before)
  expect(names(planned.remove)).toEqual(['esbuild@1.1.0', 'esbuild@2.1.0'])
  expect(
    Object.fromEntries(planned.keep.map(({version, reasons}) => [version, reasons.map(({kind}) => kind)])),
  ).toEqual({
    'by-hand': ['by-hand'],
    dev: ['linked'],
    two: ['linked'],
    '1.0.0': ['project'],
    '1.2.0': ['project'],
    '2.0.0': ['alias'],
    '5.9.3': ['global'],
  })
  expect(planned.bytes).toBe(planned.remove.reduce((sum, {bytes}) => sum + bytes, 0))
  expect(planned.bytes).toBeGreaterThan(0)
  await prune(context, await loadDefinitions(context), planned)
  expect(readdirSync(context.layout.toolchain('esbuild')).sort()).toEqual(
    ['1.0.0', '1.2.0', '2.0.0', 'by-hand', 'dev', 'two'].sort(),
  )
  expect(existsSync(join(one, '.toolversion'))).toBe(true)
  expect((await plan(box)).remove).toEqual([])
})

test('a project that is gone needs nothing any more', async () => {
  await using box = sandbox()
  install(box, 'esbuild', '1.0.0')
  mkdirSync(join(box.root, 'gone'))
  await rememberProject(box.context, join(box.root, 'gone'))
  box.write('../gone/.toolversion', 'esbuild 1.0.0\n')
  expect((await plan(box)).remove).toEqual([])
  const {rmSync} = await import('node:fs')
  rmSync(join(box.root, 'gone'), {recursive: true})
  expect(names((await plan(box)).remove)).toEqual(['esbuild@1.0.0'])
})

test('what the lock file of a known project names stays', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) install(box, 'esbuild', version)
  const root = await project(box, 'locked', 'esbuild ^1\n')
  const digest = `sha512-${Buffer.alloc(64, 1).toString('base64')}`
  writeFileSync(
    join(root, '.toolversion.lock'),
    `esbuild ^1 1.1.0\n  linux-x64 ${digest} 1 https://registry.example/esbuild.tgz\n`,
  )
  const planned = await plan(box)
  expect(names(planned.remove)).toEqual(['esbuild@1.0.0', 'esbuild@2.0.0'])
  expect(planned.keep).toMatchObject([{version: '1.1.0', reasons: [{kind: 'lock', origin: {line: 1}}]}])
  writeFileSync(join(root, '.toolversion.lock'), '<<<<<<< ours\n')
  expect((await plan(box)).unsure.map(({why}) => why)).toContainEqual(
    expect.stringMatching(/^what is pinned in \S+locked is not known: .*\.toolversion\.lock/),
  )
})

test('where one is, is needed, remembered or not', async () => {
  await using box = sandbox()
  install(box, 'esbuild', '1.0.0')
  install(box, 'typescript', '5.9.3')
  box.write('.toolversion', 'esbuild 1.0.0\n')
  const definitions = await loadDefinitions(box.context)
  const context = box.at({env: {TOOL_VERSION: '5.9.3'}})
  expect((await planPrune(context, definitions)).remove).toEqual([])
})

test('what dead installs left, and what nobody wrote to the cache for a month, goes too', async () => {
  await using box = sandbox()
  const {layout} = box.context
  const left = join(layout.staging, 'ore-1.0.0~1073741824~1~boot~aaaaaaaa')
  mkdirSync(join(left, 'package'), {recursive: true})
  writeFileSync(join(left, 'package', 'half'), Buffer.alloc(10_000))
  mkdirSync(join(layout.cache, 'indexes'), {recursive: true})
  mkdirSync(join(layout.cache, 'downloads', 'deep'), {recursive: true})
  const [old, young, download] = ['indexes/old.json', 'indexes/young.json', 'downloads/deep/x'].map(name => {
    const path = join(layout.cache, name)
    writeFileSync(path, Buffer.alloc(10_000))
    return path
  })
  const twoMonthsAgo = Date.now() / 1000 - 60 * 24 * 3600
  for (const path of [old, download]) utimesSync(path ?? '', twoMonthsAgo, twoMonthsAgo)
  const planned = await plan(box)
  expect(planned.leftovers).toMatchObject({staged: [left]})
  expect(planned.leftovers.cached.sort()).toEqual([download, old])
  expect(planned.bytes).toBeGreaterThanOrEqual(30_000)
  await prune(box.context, await loadDefinitions(box.context), planned)
  expect(readdirSync(layout.staging)).toEqual([])
  expect(existsSync(young ?? '')).toBe(true)
  expect(existsSync(old ?? '')).toBe(false)
  expect(existsSync(join(layout.cache, 'downloads', 'deep'))).toBe(false)
})

test('what servers said goes with their project, once a day passed', async () => {
  await using box = sandbox()
  const {layout} = box.context
  mkdirSync(layout.home)
  const yesterday = Date.now() / 1000 - 25 * 3600
  const logsOf = (root: string, time: number) => {
    const folder = logFolder(layout, root)
    mkdirSync(folder, {recursive: true})
    for (const name of ['dev.log', 'dev.log.1']) writeFileSync(join(folder, name), Buffer.alloc(10_000))
    for (const path of ['dev.log', 'dev.log.1', '.']) utimesSync(join(folder, path), time, time)
    return folder
  }
  const [kept, removed, away] = await Promise.all(
    ['kept', 'removed', 'disk/away'].map(async name => {
      mkdirSync(dirname(join(box.root, name)), {recursive: true})
      return logsOf(await project(box, name, ''), yesterday)
    }),
  )
  const stranger = logsOf('/of/somebody', yesterday)
  const [recent, resumed] = ['/of/another', '/resumed'].map((root, index) =>
    logsOf(root, index === 0 ? Date.now() / 1000 : yesterday),
  )
  rmSync(join(box.root, 'removed'), {recursive: true})
  rmSync(join(box.root, 'disk'), {recursive: true})
  const planned = await plan(box)
  expect(planned.leftovers.logs.sort()).toEqual([removed, stranger, resumed].sort())
  expect(planned.bytes).toBeGreaterThanOrEqual(60_000)
  writeFileSync(join(resumed ?? '', 'dev.log'), 'by now')
  await prune(box.context, await loadDefinitions(box.context), planned)
  expect([kept, away, recent, resumed].every(folder => existsSync(folder ?? ''))).toBe(true)
  expect([removed, stranger].map(folder => existsSync(dirname(folder ?? '')))).toEqual([false, false])
})

test('an empty home has nothing to prune', async () => {
  await using box = sandbox()
  const planned = await plan(box)
  expect(planned).toEqual({
    remove: [],
    keep: [],
    leftovers: {cached: [], staged: [], logs: [], bytes: 0},
    bytes: 0,
    unsure: [],
  })
  await prune(box.context, await loadDefinitions(box.context), planned)
  expect(renderPrune(planned, box.context, {dryRun: false, verbose: true})).toBe('nothing to remove\n')
})

test('for people: what goes with its size, on request what stays and why', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '2.0.0']) install(box, 'esbuild', version)
  box.write('.toolversion', 'esbuild 2.0.0\n')
  const planned = await plan(box)
  const text = renderPrune(planned, box.context, {dryRun: true, verbose: true}).replaceAll(
    /\d+\.\d kB/g,
    'SIZE',
  )
  expect(text).toBe(
    'esbuild 2.0.0  SIZE  stays: pinned by .toolversion:1\nesbuild 1.0.0  SIZE\n1 version would be removed, SIZE\n',
  )
})

const run = ({context}: Sandbox, options: Partial<PruneOptions> = {}) =>
  runPrune(context, {dryRun: false, force: false, yes: true, json: false, ...options})
const installed = ({context}: Sandbox) => readdirSync(context.layout.toolchain('esbuild')).sort()

test('nothing goes while a known project does not say what it needs, unless it is forced', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '2.0.0']) install(box, 'esbuild', version)
  const root = await project(
    box,
    'conflict',
    '<<<<<<< ours\nesbuild 1.0.0\n=======\nesbuild 2.0.0\n>>>>>>> theirs\n',
  )
  await expect(run(box)).rejects.toMatchObject({
    code: 'PRUNE_UNSURE',
    exitCode: 3,
    message: expect.stringContaining(`what is pinned in ${root} is not known: `),
    hint: expect.stringContaining('tool prune --force'),
  })
  expect(installed(box)).toEqual(['1.0.0', '2.0.0'])
  expect(box.logged.filter(line => line.startsWith('warning'))).toEqual([])
  expect(names((await run(box, {dryRun: true})).remove)).toEqual(['esbuild@1.0.0', 'esbuild@2.0.0'])
  expect(box.logged).toContainEqual(
    expect.stringMatching(/^warning: what is pinned in \S+conflict is not known/),
  )
  await run(box, {force: true})
  expect(installed(box)).toEqual([])
  // Where nothing is to go, nothing is in doubt.
  expect((await run(box)).remove).toEqual([])
})

test('a list of projects, global pins or a definition that can’t be read are doubts, too', async () => {
  await using box = sandbox()
  install(box, 'esbuild', '1.0.0')
  const {layout} = box.context
  for (const [path, text] of [
    [layout.projects, '{'],
    [layout.globalPins, 'esbuild\n'],
    [join(layout.definitions, 'esbuild.json'), '{}'],
  ] as const) {
    mkdirSync(join(path, '..'), {recursive: true})
    if (path.endsWith('esbuild.json')) box.write('.toolversion', 'esbuild 1.0.0\n')
    writeFileSync(path, text)
    await expect(run(box)).rejects.toMatchObject({code: 'PRUNE_UNSURE'})
    renameSync(path, join(box.root, 'away'))
  }
})

test('a project is read with the name that its pin file had when it was used', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) install(box, 'esbuild', version)
  const root = await project(box, 'one', 'esbuild 1.1.0\n')
  writeFileSync(join(root, '.foo'), 'esbuild 1.0.0\n')
  await rememberProject(box.at({env: {TOOL_VERSION_FILE: '.foo'}}), root)
  expect(names((await plan(box)).remove)).toEqual(['esbuild@2.0.0'])
})

test('a project whose disk is away may need anything, until it is forced or long ago', async () => {
  await using box = sandbox()
  install(box, 'esbuild', '1.0.0')
  mkdirSync(join(box.root, 'disk'))
  const root = await project(box, 'disk/one', 'esbuild 1.0.0\n')
  renameSync(join(box.root, 'disk'), join(box.root, 'elsewhere'))
  await expect(run(box)).rejects.toMatchObject({code: 'PRUNE_UNSURE', message: expect.stringContaining(root)})
  const days = (count: number) => new Date(Date.now() - count * 24 * 3_600_000).toISOString()
  const {projects} = box.context.layout
  writeFileSync(projects, JSON.stringify({schema: 1, projects: {[root]: days(89)}}))
  await expect(run(box)).rejects.toMatchObject({code: 'PRUNE_UNSURE'})
  await run(box, {force: true})
  expect(installed(box)).toEqual([])
  install(box, 'esbuild', '1.1.0')
  expect(names((await run(box)).remove)).toEqual(['esbuild@1.1.0'])
  install(box, 'esbuild', '1.2.0')
  writeFileSync(projects, JSON.stringify({schema: 1, projects: {[root]: days(91)}}))
  expect(names((await run(box)).remove)).toEqual(['esbuild@1.2.0'])
})
