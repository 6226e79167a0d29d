import {createHash} from 'node:crypto'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {renderReport, renderStep, renderToolchains} from '../../src/cli/render/toolchains.ts'
import {checkDefinitionFile} from '../../src/house/check-definition.ts'
import {listToolchains} from '../../src/house/toolchains.ts'
import {trustFiles} from '../../src/house/trust.ts'
import {definitionSchema} from '../../src/model/definition.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {digestOf} from '../../src/toolchain/trust.ts'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {packageTarball} from '../support/tarball.ts'
import {npmToolchain} from '../support/toolchain.ts'

const probe = {executable: 'mycc', args: ['--version'], regexp: '^mycc (\\S+)'}

async function check(context: Context, path: string) {
  const told: string[] = []
  const report = await checkDefinitionFile(context, await loadDefinitions(context), path, {
    onStep: step => told.push(renderStep(step)),
  })
  return {...report, text: told.join('') + renderReport(report)}
}

const statuses = (report: {steps: readonly {step: string; status: string}[]}) =>
  report.steps.map(({step, status}) => `${step} ${status}`)

function define(box: Sandbox, definition: object, name = 'mycc'): string {
  return box.write(`${name}.json`, JSON.stringify(definition, undefined, 2))
}

test('a definition that works is tried to the end, and leaves nothing', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('mycc', '1.0.0', {'bin/mycc': '#!/bin/sh\necho mycc 1.0.0\n'})
  registry.publish('mycc', '1.1.0', {'bin/mycc': '#!/bin/sh\necho "mycc 1.1.0"\n'})
  const report = await check(box.context, define(box, npmToolchain('mycc', {probe})))
  expect(report.text).toMatch(/probe +mycc --version says 1\.1\.0\nthe definition works\n$/)
  expect(report.text).toMatch(/versions +2 versions from npm mycc; the newest is 1\.1\.0\n/)
  expect(report.ok).toBe(true)
  expect(new Set(report.steps.map(({status}) => status))).toEqual(new Set(['ok']))
  expect(readdirSync(box.context.layout.staging)).toEqual([])
  expect(readdirSync(box.context.layout.home).sort()).toEqual(['cache', 'staging'])
})

test('an index is tried as an install would, and the signature that is not verified is told', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  const bytes = packageTarball({'bin/mycc': '#!/bin/sh\necho mycc 1.1.0\n'})
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  registry.serve('/index.json', JSON.stringify([{v: '1.1.0', url: 'mycc.tar.gz', sha256}]))
  registry.serve('/mycc.tar.gz', bytes)
  const source = {
    kind: 'index',
    url: `${registry.url}index.json`,
    versions: {key: 'v'},
    artifact: {url: {key: 'url'}, digest: {key: 'sha256'}},
    signature: {unsupported: 'gpg'},
  } as const
  const report = await check(box.context, define(box, npmToolchain('mycc', {probe, sources: [source]})))
  expect(report.text).toContain(`1 versions from index ${registry.url}index.json; the newest is 1.1.0`)
  expect(report.text).toContain('sha256 as promised, its signature (gpg) not verified')
  expect(report.ok).toBe(true)
})

test('slips in an index and in a repository are told with the fields that there are', async () => {
  await using box = sandbox()
  const path = box.write(
    'mycc.json',
    `{
  "name": "mycc", "title": "x", "homepage": "https://x.example/",
  "sources": [
    {"kind": "index", "url": "http://x.example/index.json",
      "versions": {"prefix": "v", "pattern": "("},
      "artifact": {"url": "x", "digest": "none", "sice": "size"}},
    {"kind": "github", "repository": "mycc",
      "asset": "x",
      "signature": {"minisign": {"publicKey": "RUxx", "url": "{url}.minisig"}}},
    {"kind": "ftp"}
  ],
  "executables": {}
}`,
  )
  const {text} = await check(box.context, path)
  expect(text).toMatch(/line 4: sources\.0\.url: is no web address: write https/)
  expect(text).toMatch(/line 5: sources\.0\.versions\.pattern: is not a regular expression/)
  expect(text).toMatch(/line 6: sources\.0\.artifact\.sice: .*\n +try: did you mean "size"\?/)
  expect(text).toMatch(/line 7: sources\.1\.repository: is no name of a repository/)
  expect(text).toMatch(/line 9: sources\.1\.signature\.minisign\.publicKey: is no public key of minisign/)
  expect(text).toMatch(/line 10: sources\.2/)
})

test('slips in the file are told all at once, with lines and nearest names', async () => {
  await using box = sandbox()
  const path = box.write(
    'mycc.json',
    '{\n  "name": "mycc",\n  "titel": "x",\n  "title": "x",\n  "homepage": "nope",\n  "sources": [{"kind": "npm", "pakage": "x"}],\n  "executables": {}\n}',
  )
  const report = await check(box.context, path)
  expect(report.ok).toBe(false)
  expect(report.text).toMatch(/line 3: titel: .*\n +try: did you mean "title"\?/)
  expect(report.text).toMatch(/line 5: homepage: Invalid URL/)
  expect(report.text).toMatch(/line 6: sources\.0\.package: /)
  expect(report.text).toMatch(/line 6: sources\.0\.pakage: .*\n +try: did you mean "package"\?/)
})

test('names that refer to nothing, and platforms that are none', async () => {
  await using box = sandbox()
  const path = define(
    box,
    npmToolchain('mycc', {
      probe: {...probe, executable: 'myc'},
      build: {driver: 'stream', command: ['mycd']},
      overrides: [{versions: '<2', serve: {driver: 'stream', command: ['serve-mycc']}}],
      sources: [{kind: 'npm', package: 'mycc-{triple}'}],
      platforms: {'linux-x64': {triple: 'x'}, 'linux-arm64': {}, 'linux-x64-gnu': {}},
    }),
  )
  const {steps} = await check({...box.context, offline: true}, path)
  expect(steps.filter(({status}) => status === 'failed')).toMatchObject([
    {message: expect.stringContaining('build.command.0'), hint: 'did you mean "mycc"?'},
    {message: expect.stringContaining('overrides.0.serve.command.0'), hint: 'the executables are mycc'},
    {message: expect.stringContaining('probe.executable'), hint: 'did you mean "mycc"?'},
    {message: expect.stringContaining('there is no value for {triple}'), line: expect.any(Number)},
    {message: 'linux-x64-gnu is no name of a platform'},
  ])
})

test('a file that is missing, no JSON, misnamed, or takes a known name', async () => {
  await using box = sandbox()
  const offline = {...box.context, offline: true}
  expect(await check(offline, join(box.project, 'nothing.json'))).toMatchObject({ok: false})
  expect((await check(offline, box.write('mycc.json', '{'))).text).toMatch(/file +it is not valid JSON/)
  expect((await check(offline, box.project)).text).toMatch(/can't be read \(EISDIR\)/)
  const misnamed = await check(offline, define(box, npmToolchain('mycc'), 'other'))
  expect(misnamed.text).toMatch(/line 2: the name is "mycc", and the file is other\.json/)
  const taken = await check(offline, define(box, npmToolchain('esbuild'), 'esbuild'))
  expect(taken.text).toMatch(/esbuild is known already, from .*: a project can't define it/)
})

test('offline only the file is checked', async () => {
  await using box = sandbox()
  const report = await check({...box.context, offline: true}, define(box, npmToolchain('mycc')))
  expect(statuses(report)).toEqual([
    'schema ok',
    'references ok',
    'platforms ok',
    'versions skipped',
    'artifact skipped',
    'unpack skipped',
    'executables skipped',
    'probe skipped',
  ])
  expect(report.ok).toBe(true)
})

test('each step of an install that fails says what to do', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  const path = define(box, npmToolchain('mycc', {probe}))
  const last = async () => (await check(box.context, path)).steps.at(-1)
  expect(await last()).toMatchObject({step: 'versions', status: 'failed'})
  registry.publish('mycc', '1.0.0', {'lib/mycc': ''})
  expect(await last()).toMatchObject({step: 'executables', hint: 'the archive has lib/mycc'})
  registry.publish('mycc', '1.1.0', {'bin/mycc': '#!/bin/sh\necho my 1.1.0\n'})
  expect(await last()).toMatchObject({step: 'probe', message: expect.stringContaining('finds no version')})
  registry.publish('mycc', '1.2.0', {'bin/mycc': '#!/bin/sh\necho mycc 9.9.9\n'})
  expect(await last()).toMatchObject({
    message: expect.stringContaining('says 9.9.9, and 1.2.0 was installed'),
  })
  registry.publish('mycc', '1.3.0', {'bin/mycc': '#!/bin/sh\nexit 3\n'})
  expect(await last()).toMatchObject({message: expect.stringContaining('it exited with 3')})
  registry.publish('mycc', '1.4.0', {'bin/mycc': '#!/nowhere/sh\n'})
  expect(await last()).toMatchObject({step: 'probe', status: 'failed'})
  registry.publish('mycc', '1.5.0', {'bin/mycc': ''}, {integrity: `sha512-${'A'.repeat(86)}==`})
  expect(await last()).toMatchObject({step: 'unpack', message: expect.stringContaining('expected sha512-')})
})

test('the list: who defines it, what is installed, what is wrong', async () => {
  await using box = sandbox()
  const {layout} = box.context
  putVersion(box, 'esbuild', '0.28.2')
  mkdirSync(layout.definitions, {recursive: true})
  writeFileSync(join(layout.definitions, 'own.json'), JSON.stringify(npmToolchain('own')))
  writeFileSync(join(layout.definitions, 'broken.json'), '{')
  box.write('tool.json', '{}')
  const mine = box.write('toolchains/mine.json', JSON.stringify(npmToolchain('mine')))
  box.write('toolchains/other.json', JSON.stringify(npmToolchain('other')))
  await trustFiles(box.context, [{path: mine, digest: digestOf(readFileSync(mine))}])
  const all = listToolchains(box.context, await loadDefinitions(box.context))
  const of = (name: string) => all.find(one => one.name === name)
  expect(all.map(({name}) => name)).toEqual(all.map(({name}) => name).toSorted())
  expect(of('esbuild')).toMatchObject({
    from: 'built-in',
    path: join(packageRoot, 'toolchains/esbuild.json'),
    installed: ['0.28.2'],
    known: {sources: ['npm esbuild'], executables: ['esbuild'], modes: ['build', 'watch', 'serve']},
  })
  expect(of('own')).toMatchObject({from: 'user', installed: []})
  expect(of('broken')).toMatchObject({from: 'user', problem: {code: 'DEFINITION_INVALID'}})
  expect(of('mine')).toMatchObject({from: 'project', path: mine, trust: 'trusted'})
  expect(of('other')).toMatchObject({problem: {code: 'PROJECT_NOT_TRUSTED'}, trust: 'unknown'})
  const text = renderToolchains(all, box.context)
  expect(text).toMatch(/^mine +mine: mine +none installed +\(project: toolchains\/mine\.json\)$/m)
  expect(text).toMatch(/^typescript \(.*\) +TypeScript: /m)
})

test('every definition of the guide is right', () => {
  const guide = readFileSync(join(packageRoot, 'docs/guide/add-a-toolchain.md'), 'utf8')
  const blocks = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text))
  const definitions = blocks.filter(({name}) => name !== undefined)
  expect(definitions.map(({sources}) => sources[0].kind)).toEqual(['npm', 'index', 'github'])
  for (const definition of definitions) expect(definitionSchema.parse(definition)).toEqual(definition)
})

test('the example of the guide works', async () => {
  const guide = readFileSync(join(packageRoot, 'docs/guide/add-a-toolchain.md'), 'utf8')
  const [, example = ''] = /```json\n(\{\n[\s\S]*?)```/.exec(guide) ?? []
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('dprint', '0.50.0', {})
  const {platform, arch} = process
  const libc = platform === 'linux' ? '-glibc' : ''
  registry.publish(`@dprint/${platform}-${arch}${libc}`, '0.50.0', {
    dprint: '#!/bin/sh\necho dprint 0.50.0\n',
  })
  const report = await check(box.context, box.write('dprint.json', example))
  expect(report.text).toMatch(/the definition works\n$/)
})
