import {existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {planAll} from '../../src/build/plan.ts'
import {actingFiles, revokeTrust, trustFiles} from '../../src/house/trust.ts'
import {findPin} from '../../src/pin/find.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {digestOf} from '../../src/toolchain/trust.ts'
import {builtin} from '../support/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {writeProgram} from '../support/store.ts'
import {target} from '../support/targets.ts'
import {npmToolchain} from '../support/toolchain.ts'

const origin = {kind: 'default'} as const
const acting = async ({context}: Sandbox, at: Context = context) => actingFiles(at, await loadDefinitions(at))
const trustAll = async (box: Sandbox, at: Context = box.context) => trustFiles(at, await acting(box, at))
const asIs = (path: string) => ({path, digest: digestOf(readFileSync(path))})
const toolOf = (context: Context, toolchain = 'typescript') =>
  resolveLocal(context, builtin.get(toolchain, origin), findPin(context, builtin, toolchain))

test('a path pin acts once its file is trusted, and no more after a change', async () => {
  await using box = sandbox()
  writeProgram(join(box.project, 'dist/bin/tsc'))
  const file = box.write('.toolversion', '# ours\ntypescript path:dist\n')
  expect(() => toolOf(box.context)).toThrow(
    expect.objectContaining({
      code: 'PATH_PIN_UNTRUSTED',
      exitCode: 3,
      message: expect.stringMatching(/typescript path:dist runs programs .*\(set by \.toolversion:2\)$/),
      hint: expect.stringContaining('tool trust'),
    }),
  )
  expect(await acting(box)).toMatchObject([
    {path: file, state: 'unknown', acts: [`line 2: runs typescript from ${join(box.project, 'dist/bin')}`]},
  ])
  await trustAll(box)
  expect(toolOf(box.context)).toMatchObject({via: 'path', bin: join(box.project, 'dist/bin')})
  expect(await acting(box)).toMatchObject([{state: 'trusted'}])
  writeFileSync(file, 'typescript path:dist\n')
  expect(() => toolOf(box.context)).toThrow(/; \.toolversion changed since it was trusted$/)
  expect(await acting(box)).toMatchObject([{state: 'changed'}])
  expect(await revokeTrust(box.context, box.project)).toEqual([file])
  expect(await revokeTrust(box.context, box.project)).toEqual([])
  expect(await acting(box)).toMatchObject([{state: 'unknown'}])
})

test('environment in tool.json acts once it is trusted', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'esbuild 0.28.2\n')
  const settings = {environment: {A: '1'}}
  const file = box.write('tool.json', JSON.stringify({build: {esbuild: settings}, serve: {esbuild: {}}}))
  const plan = (settingsText = readFileSync(file, 'utf8')) =>
    planAll(
      {
        root: box.project,
        targets: [
          {
            ...target(
              {name: 'esbuild', build: {driver: 'stream', command: ['esbuild']}},
              {file: '/bin/true', args: [], binDirectories: []},
              settings,
            ),
            settingsText,
          },
        ],
      },
      box.context,
    )
  expect(plan).toThrow(expect.objectContaining({code: 'PROJECT_NOT_TRUSTED'}))
  expect(await acting(box)).toMatchObject([
    {path: file, state: 'unknown', acts: ['sets A="1" for build with esbuild']},
  ])
  await trustAll(box)
  expect(plan()[0]?.spec.env).toMatchObject({A: '1'})
  // What acts is what was read, whatever the file says by now.
  expect(() => plan('{"build": {"esbuild": {"environment": {"A": "2"}}}}')).toThrow(
    expect.objectContaining({code: 'PROJECT_NOT_TRUSTED'}),
  )
})

test('a path pin that was read before another text was trusted does not act', async () => {
  await using box = sandbox()
  writeProgram(join(box.project, 'dist/bin/tsc'))
  const file = box.write('.toolversion', 'typescript path:other\n')
  writeProgram(join(box.project, 'other/bin/tsc'))
  const early = findPin(box.context, builtin, 'typescript')
  writeFileSync(file, '\uFEFFtypescript path:dist\r\n')
  await trustAll(box)
  expect(() => resolveLocal(box.context, builtin.get('typescript', origin), early)).toThrow(
    expect.objectContaining({code: 'PATH_PIN_UNTRUSTED', message: expect.stringContaining('changed since')}),
  )
  expect(toolOf(box.context)).toMatchObject({via: 'path', bin: join(box.project, 'dist/bin')})
})

test('plain pins, arguments and other files need no trust', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'esbuild 0.28.2\n')
  box.write('tool.json', '{"build": {"esbuild": {"args": ["x"]}}}')
  expect(await acting(box)).toEqual([])
})

test('a project’s definition acts once it is trusted, also below the project, and only there', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'mycc 1.0.0\n')
  const file = box.write('toolchains/mycc.json', JSON.stringify(npmToolchain('mycc')))
  const below = box.at({cwd: dirname(box.write('packages/a/.toolversion', 'esbuild 0.28\n'))})
  for (const context of [box.context, below]) {
    const untrusted = await loadDefinitions(context)
    expect(untrusted.names()).toContain('mycc')
    expect(untrusted.providing('mycc')).toEqual([])
    expect(() => untrusted.get('mycc', origin)).toThrow(
      expect.objectContaining({code: 'PROJECT_NOT_TRUSTED', message: expect.stringMatching(/define mycc/)}),
    )
  }
  expect(await acting(box, below)).toMatchObject([
    {path: file, state: 'unknown', acts: ['defines mycc: installs npm mycc, and runs mycc']},
  ])
  await trustAll(box, below)
  for (const context of [box.context, below])
    expect((await loadDefinitions(context)).get('mycc', origin).title).toBe('mycc')
  expect((await loadDefinitions(box.at({cwd: box.root}))).names()).not.toContain('mycc')
  expect((await loadDefinitions(box.at({cwd: box.root, env: {TOOL_DIR: box.project}}))).names()).toContain(
    'mycc',
  )
  writeFileSync(file, JSON.stringify(npmToolchain('mycc', {title: 'other'})))
  const changed = await loadDefinitions(box.context)
  expect(() => changed.get('mycc', origin)).toThrow(/toolchains\/mycc\.json changed since it was trusted$/)
})

test('a folder called toolchains without a pin file or tool.json is something else', async () => {
  await using box = sandbox()
  box.write('toolchains/mycc.json', '{}')
  expect((await loadDefinitions(box.context)).names()).toEqual(builtin.names())
  box.write('tool.json', '{}')
  expect((await loadDefinitions(box.context)).names()).toContain('mycc')
})

test('a name that is known everywhere can’t be redefined, untrusted or trusted, by name or alias', async () => {
  await using box = sandbox()
  box.write('tool.json', '{}')
  const evil = npmToolchain('typescript', {title: 'evil'})
  box.write('toolchains/typescript.json', JSON.stringify(evil))
  expect((await loadDefinitions(box.context)).get('typescript', origin).title).not.toBe('evil')
  await trustAll(box)
  const definitions = await loadDefinitions(box.context)
  expect(() => definitions.get('typescript', origin)).toThrow(
    expect.objectContaining({code: 'DEFINITION_NAME_TAKEN', exitCode: 3}),
  )
  const [alias = ''] = builtin.get('typescript', origin).aliases ?? []
  rmSync(join(box.project, 'toolchains/typescript.json'))
  box.write('toolchains/mycc.json', JSON.stringify(npmToolchain('mycc', {aliases: [alias]})))
  await trustAll(box)
  const others = await loadDefinitions(box.context)
  expect(others.get(alias, origin).name).toBe('typescript')
  expect(() => others.get('mycc', origin)).toThrow(
    expect.objectContaining({code: 'DEFINITION_NAME_TAKEN', message: expect.stringContaining(` ${alias}:`)}),
  )
})

test('a definition that is wrong can’t be judged', async () => {
  await using box = sandbox()
  box.write('tool.json', '{}')
  box.write('toolchains/mycc.json', '{"name": "mycc", "titel": "x"}')
  await expect(acting(box)).rejects.toMatchObject({code: 'DEFINITION_INVALID'})
})

test('the record is the person’s alone, keeps other projects, drops what is gone', async () => {
  await using box = sandbox()
  const [one, other] = [box.write('one/.toolversion', 'a'), box.write('other/.toolversion', 'b')]
  await Promise.all([trustFiles(box.context, [asIs(one)]), trustFiles(box.context, [asIs(other)])])
  const {trust} = box.context.layout
  expect(statSync(trust).mode & 0o777).toBe(0o600)
  expect(Object.keys(JSON.parse(readFileSync(trust, 'utf8')).files)).toEqual([one, other])
  rmSync(other)
  expect(await revokeTrust(box.context, dirname(one))).toEqual([one])
  expect(JSON.parse(readFileSync(trust, 'utf8'))).toEqual({schema: 1, files: {}})
})

test('a project is the same by whichever name it is reached', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript path:dist')
  mkdirSync(join(box.project, 'dist/bin'), {recursive: true})
  const alias = join(box.root, 'alias')
  symlinkSync(box.project, alias)
  await trustAll(box)
  expect(toolOf(box.at({cwd: alias, env: {PWD: alias}}))).toMatchObject({via: 'path'})
})

test('a record that is damaged trusts nothing and says so', async () => {
  await using box = sandbox()
  const file = box.write('.toolversion', 'typescript path:dist')
  await trustAll(box)
  const {trust} = box.context.layout
  writeFileSync(trust, '{"schema": 1, "files": [')
  expect(() => toolOf(box.context)).toThrow(expect.objectContaining({code: 'PATH_PIN_UNTRUSTED'}))
  expect(box.logged.join('\n')).toContain('trust.json is not read')
  await trustFiles(box.context, [asIs(file)])
  expect(await acting(box)).toMatchObject([{state: 'trusted'}])
})

test('a folder in the way of the record is named', async () => {
  await using box = sandbox()
  const file = box.write('.toolversion', 'typescript path:dist')
  const {trust} = box.context.layout
  mkdirSync(trust, {recursive: true})
  await expect(trustFiles(box.context, [asIs(file)])).rejects.toMatchObject({
    code: 'IN_THE_WAY',
    exitCode: 7,
    message: expect.stringContaining(`: ${trust} (`),
  })
})

test('a file that is gone can’t be trusted', async () => {
  await using box = sandbox()
  const file = box.write('tool.json', '{}')
  const shown = asIs(file)
  rmSync(file)
  await expect(trustFiles(box.context, [shown])).rejects.toMatchObject({code: 'TRUST_FILE_GONE'})
})

test('what was shown is trusted, not what a file became meanwhile; one that changed spoils all', async () => {
  await using box = sandbox()
  writeProgram(join(box.project, 'dist/bin/tsc'))
  const file = box.write('.toolversion', 'typescript path:dist\n')
  box.write('tool.json', JSON.stringify({build: {esbuild: {environment: {A: '1'}}}}))
  box.write('toolchains/mycc.json', JSON.stringify(npmToolchain('mycc')))
  const shown = await acting(box)
  expect(shown.map(({path, digest}) => ({path, digest}))).toEqual(shown.map(({path}) => asIs(path)))
  expect(shown).toHaveLength(3)
  writeFileSync(file, 'typescript path:evil\n')
  await expect(trustFiles(box.context, shown)).rejects.toMatchObject({
    code: 'TRUST_FILE_CHANGED',
    exitCode: 3,
    message: expect.stringContaining(file),
  })
  expect(existsSync(box.context.layout.trust)).toBe(false)
  writeFileSync(file, 'typescript path:dist\n')
  await trustFiles(box.context, shown)
  expect(await acting(box)).toMatchObject([{state: 'trusted'}, {state: 'trusted'}, {state: 'trusted'}])
})
