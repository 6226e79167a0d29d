import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'

const optionsOf = (box: Sandbox, env: Record<string, string> = {}) => ({
  cwd: box.project,
  env: {HOME: box.root, ...env},
})

test('config: set, get, list, unset; slips are told with the nearest key', async () => {
  await using box = sandbox()
  const options = optionsOf(box)
  expect(await tool(['config', 'set', 'defaultToolchain', 'esbuild'], options)).toMatchObject({
    code: 0,
    stdout: '',
  })
  expect((await tool(['config', 'get', 'defaultToolchain'], options)).stdout).toBe('esbuild\n')
  expect((await tool(['config'], options)).stdout).toMatch(/^offline +false +\(the default\)$/m)
  const {stdout} = await tool(['config', '--json'], {...options, env: {...options.env, TOOL_OFFLINE: '1'}})
  expect(JSON.parse(stdout)).toContainEqual({
    key: 'offline',
    value: true,
    origin: {kind: 'variable', name: 'TOOL_OFFLINE'},
  })
  expect(await tool(['config', 'set', 'ofline', 'true'], options)).toMatchObject({
    code: 2,
    stderr: 'error CONFIG_KEY_UNKNOWN: there is no setting "ofline"\n  try: did you mean "offline"?\n',
  })
  await tool(['config', 'unset', 'defaultToolchain'], options)
  expect((await tool(['config', 'get', 'defaultToolchain'], options)).stdout).toBe('typescript\n')
})

test('config.json switches the network off; a variable switches it on again', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const options = optionsOf(box, registry.env)
  await tool(['config', 'set', 'offline', 'true'], options)
  const ran = await tool(['install', 'esbuild@0.28.2'], options)
  expect(ran).toMatchObject({code: 5, stderr: expect.stringContaining('NETWORK_OFFLINE')})
  expect(registry.requests).toEqual([])
  await tool(['install', 'esbuild@0.28.2'], {...options, env: {...options.env, TOOL_OFFLINE: '0'}})
  expect(registry.requests).not.toEqual([])
})

test('a path pin waits for trust, without a terminal with an error; a change asks again', async () => {
  await using box = sandbox()
  const options = optionsOf(box)
  const program = writeProgram(join(box.project, 'dist/bin/tsc'))
  const pins = box.write('.toolversion', 'typescript path:dist\n')
  const refused = await tool(['which', 'tsc'], options)
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^error PATH_PIN_UNTRUSTED: .*\(set by \.toolversion:1\)\n {2}try: .*tool trust\n$/,
    ),
  })
  const look = await tool(['trust', '--show'], options)
  expect(look.stdout).toMatch(
    /^\.toolversion \(not trusted\)\n {2}line 1: runs typescript from .*dist\/bin\n$/,
  )
  expect((await tool(['trust'], options)).stdout).toMatch(/^\.toolversion \(trusted\)\n/)
  expect((await tool(['which', 'tsc'], options)).stdout).toBe(`${program}\n`)
  writeFileSync(pins, '# changed\ntypescript path:dist\n')
  expect((await tool(['which', 'tsc'], options)).stderr).toContain(
    '.toolversion changed since it was trusted',
  )
  await tool(['-C', box.root, 'trust', box.project], options)
  expect((await tool(['which', 'tsc'], options)).code).toBe(0)
  expect((await tool(['trust', '--revoke'], options)).stdout).toBe('.toolversion is not trusted any more\n')
  expect((await tool(['which', 'tsc', '--json'], options)).code).toBe(3)
  expect((await tool(['trust', '/nowhere'], options)).code).toBe(2)
})

test('a project’s toolchain: checked, trusted, listed, mirrored, installed from the mirror', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const options = optionsOf(box, registry.env)
  registry.publish('mycc', '1.0.0', {'bin/mycc': '#!/bin/sh\necho mycc 1.0.0\n'})
  box.write('.toolversion', 'mycc 1.0.0\n')
  const probe = {executable: 'mycc', args: ['--version'], regexp: '^mycc (\\S+)'}
  box.write('toolchains/mycc.json', JSON.stringify(npmToolchain('mycc', {probe})))
  const checked = await tool(['toolchains', 'check', 'toolchains/mycc.json'], options)
  expect(checked).toMatchObject({code: 0, stdout: expect.stringMatching(/the definition works\n$/)})
  expect((await tool(['install'], options)).stderr).toContain('PROJECT_NOT_TRUSTED')
  await tool(['trust'], options)
  const list = await tool(['toolchains'], options)
  expect(list.stdout).toMatch(/^mycc +mycc: mycc +none installed +\(project: toolchains\/mycc\.json\)$/m)
  const added = await tool(['mirror', 'mycc@1.0.0', '--to', 'mirror', '--quiet'], options)
  expect(added).toMatchObject({code: 0, stdout: expect.stringMatching(/^mycc +1\.0\.0 +any .* added\n$/)})
  registry.requests.length = 0
  expect((await tool(['install', '--from', 'mirror'], options)).code).toBe(0)
  expect(registry.requests).toEqual([])
  expect((await tool(['exec', 'mycc'], options)).stdout).toBe('mycc 1.0.0\n')
  box.write('bad.json', '{"name": "bad"}')
  expect((await tool(['toolchains', 'check', 'bad.json', '--json'], options)).code).toBe(3)
})

test('worker check: exit codes, report, nothing left', async () => {
  await using box = sandbox()
  const temporary = join(box.root, 'tmp')
  box.write('../tmp/.keep', '')
  const options = optionsOf(box, {TMPDIR: temporary})
  const worker = (manner: string) => [
    '--',
    process.execPath,
    join(packageRoot, 'fixtures/programs/worker-by-hand.js'),
    manner,
  ]
  const good = await tool(['worker', 'check', '--only', 'shutdown', ...worker('good')], options)
  expect(good).toMatchObject({code: 0, stderr: ''})
  expect(good.stdout).toMatch(/^pass {5}handshake .*\npass {5}shutdown .*\n2 passed, 0 failed, 0 skipped\n$/)
  const bad = await tool(['worker', 'check', '--json', '--only', 'serve', ...worker('bad-exit')], options)
  expect(bad.code).toBe(1)
  expect(JSON.parse(bad.stdout)).toMatchObject({ok: false, checks: [{status: 'pass'}, {id: 'serve'}]})
  expect(readdirSync(temporary)).toEqual(['.keep'])
  expect(existsSync(box.context.layout.home)).toBe(false)
  expect(await tool(['worker'], options)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('its commands are tool worker check'),
  })
})
