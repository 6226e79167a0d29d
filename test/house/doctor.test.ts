import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {createServer as createSecureServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {clockSkew} from '../../src/house/doctor/clock.ts'
import {examine} from '../../src/house/doctor/doctor.ts'
import type {Finding} from '../../src/house/doctor/finding.ts'
import {rehash} from '../../src/shim/rehash.ts'
import {updateLinks} from '../../src/store/links.ts'
import {createStaging} from '../../src/store/staging.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {parseSpec} from '../../src/version/spec.ts'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'

/** A home with one version, its shim and its links, where all is well. */
async function soundHome(env: Record<string, string> = {}): Promise<Sandbox> {
  const box = sandbox(env)
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  const {context} = box
  chmodSync(context.layout.home, 0o755)
  await rehash(context, await loadDefinitions(context))
  const spec = parseSpec('5.9')
  if (spec.kind === 'problem') throw new Error(spec.message)
  await updateLinks(context, 'typescript', {spec, version: '5.9.3'})
  return box
}

function inShell(box: Sandbox, env: Record<string, string> = {}) {
  return box.at({env: {PATH: `${box.context.layout.shims}:/usr/bin:/bin`, TOOL_OFFLINE: '1', ...env}})
}

async function wrongs(box: Sandbox, env: Record<string, string> = {}): Promise<Finding[]> {
  return (await examine(inShell(box, env))).filter(({status}) => status !== 'ok')
}

test('a home where all is well', async () => {
  await using box = await soundHome()
  const found = await examine(inShell(box))
  expect(found.filter(({status}) => status !== 'ok')).toEqual([])
  expect(new Set(found.map(({id}) => id))).toEqual(
    new Set([
      'runtime',
      'homes',
      'permissions',
      'config',
      'path',
      'shims',
      'links',
      'versions',
      'pins',
      'clock',
      'network',
    ]),
  )
})

test('shims that are not on PATH, and the line that puts them there', async () => {
  await using box = await soundHome()
  expect(await wrongs(box, {PATH: '/usr/bin:/bin', SHELL: '/usr/bin/fish'})).toMatchObject([
    {id: 'path', status: 'warning', fix: expect.stringMatching(/ init fish \| source$/)},
  ])
})

test('another program of the same name comes first, and whose folder that is', async () => {
  await using box = await soundHome()
  const {shims} = box.context.layout
  const bin = join(box.root, 'bin')
  writeProgram(join(bin, 'tsc'))
  const PATH = `${bin}:${shims}:/usr/bin`
  expect(await wrongs(box, {PATH})).toMatchObject([
    {id: 'path', status: 'warning', title: `tsc in ${bin} comes before the shims on PATH`},
  ])
  expect(await wrongs(box, {PATH: `${shims}:${bin}`})).toEqual([])
  const volta = join(box.root, '.volta', 'bin')
  mkdirSync(volta, {recursive: true})
  expect(await wrongs(box, {PATH: `${volta}:${shims}`})).toMatchObject([
    {id: 'path', title: `the folder of volta comes before the shims on PATH: ${volta}`},
  ])
})

test('shims that are stale, missing, old, or not ours', async () => {
  await using box = await soundHome()
  const {shims, home} = box.context.layout
  rmSync(join(shims, 'tsc'))
  expect(await wrongs(box)).toMatchObject([{id: 'shims', title: 'tsc: without a shim', fix: 'tool rehash'}])
  writeProgram(join(shims, 'tsc'))
  expect(await wrongs(box)).toMatchObject([{id: 'shims', title: `${join(shims, 'tsc')} is no shim`}])
  rmSync(join(shims, 'tsc'))
  await rehash(box.context, await loadDefinitions(box.context))
  const text = readFileSync(join(shims, 'tsc'), 'utf8')
  writeProgram(join(shims, 'other'), text)
  expect(await wrongs(box)).toMatchObject([{id: 'shims', title: 'other: with a stale shim'}])
  rmSync(join(shims, 'other'))
  chmodSync(join(shims, 'tsc'), 0o644)
  expect(await wrongs(box)).toMatchObject([{id: 'shims', title: 'tsc: with an old shim'}])
  writeProgram(join(shims, 'tsc'), text.replace(/^__tool_script='.*'$/m, `__tool_script='${home}/gone.cjs'`))
  expect(await wrongs(box)).toMatchObject([
    {id: 'shims', status: 'problem', title: `shims start what is gone: ${home}/gone.cjs`, fix: 'tool rehash'},
  ])
  await rehash(box.context, await loadDefinitions(box.context))
  expect(await wrongs(box)).toEqual([])
})

test('links that are stale or dangling, which tool rehash mends', async () => {
  await using box = await soundHome()
  const {layout} = box.context
  const link = join(layout.links, 'typescript', '5.9')
  putVersion(box, 'typescript', '5.9.4', {executables: ['tsc']})
  expect(await wrongs(box)).toMatchObject([
    {id: 'links', title: `${link} leads to 5.9.3, which is not the newest 5.9`, fix: 'tool rehash'},
  ])
  const options = {cwd: box.project, env: {HOME: box.root}}
  expect(await tool(['rehash'], options)).toMatchObject({code: 0, stderr: ''})
  expect(await wrongs(box)).toEqual([])
  rmSync(layout.version('typescript', '5.9.4'), {recursive: true})
  expect(await wrongs(box)).toMatchObject([
    {id: 'links', title: `${link} leads to 5.9.4, which is not installed`},
  ])
  expect(await tool(['rehash'], options)).toMatchObject({code: 0, stderr: ''})
  expect(await wrongs(box)).toEqual([])
})

test('versions that are there in part, and what a dead install left', async () => {
  await using box = await soundHome()
  const {layout} = box.context
  mkdirSync(layout.version('typescript', '5.8.2'))
  symlinkSync(join(box.root, 'gone'), layout.version('typescript', 'mine'))
  putVersion(box, 'esbuild', '0.28.2', {runtime: 'none'})
  rmSync(join(layout.bin('esbuild', '0.28.2'), 'esbuild'))
  const found = await wrongs(box)
  expect(found.map(({title, fix}) => [title, fix])).toEqual([
    [
      `${layout.version('esbuild', '0.28.2')} lacks programs that were installed`,
      'tool install --force esbuild@0.28.2',
    ],
    [`${layout.version('typescript', '5.8.2')} has no folder bin`, 'tool uninstall typescript@5.8.2'],
    [
      `${layout.version('typescript', 'mine')} is a link that leads nowhere`,
      'tool uninstall typescript@mine',
    ],
  ])
  const options = {cwd: box.project, env: {HOME: box.root}}
  for (const version of ['typescript@5.8.2', 'typescript@mine', 'esbuild@0.28.2'])
    expect(await tool(['uninstall', version], options)).toMatchObject({code: 0})
  expect(await wrongs(box)).toEqual([])

  const {directory} = createStaging(box.context, 'install-typescript')
  const dead = directory.replace(`~${process.pid}~`, '~4194300~')
  mkdirSync(dead)
  rmSync(directory, {recursive: true})
  expect(await wrongs(box)).toMatchObject([
    {title: `${layout.staging} has what is left of an install that was cut off`, fix: 'tool prune'},
  ])
})

test('what others may write', async () => {
  await using box = await soundHome()
  const {layout} = box.context
  chmodSync(layout.shims, 0o777)
  const file = box.write('.toolversion', 'typescript 5.9.3\n')
  chmodSync(file, 0o666)
  const found = await wrongs(box)
  expect(found).toMatchObject([
    {status: 'problem', title: `other users may write in ${layout.shims}`},
    {status: 'warning', title: `other users may write ${file}`},
  ])
  for (const {fix} of found) execFileSync('sh', ['-c', fix ?? 'false'])
  expect(await wrongs(box)).toEqual([])
})

test('what others may write of all that says what runs', async () => {
  await using box = await soundHome()
  const {layout} = box.context
  mkdirSync(layout.definitions)
  const definition = join(layout.definitions, 'ore.json')
  writeFileSync(definition, JSON.stringify(npmToolchain('ore')))
  const files = [definition, layout.globalPins, layout.config, layout.trust]
  writeFileSync(layout.globalPins, 'typescript 5.9.3\n')
  writeFileSync(layout.config, '{}')
  writeFileSync(layout.trust, '{"schema": 1, "files": {}}')
  const folders = [
    layout.toolchain('typescript'),
    layout.version('typescript', '5.9.3'),
    layout.bin('typescript', '5.9.3'),
    layout.definitions,
  ]
  // Another name of the version is no other folder.
  symlinkSync('5.9.3', layout.version('typescript', 'mine'))
  for (const file of files) chmodSync(file, 0o644)
  for (const folder of folders) chmodSync(folder, 0o755)
  expect(await wrongs(box)).toEqual([])
  for (const file of files) chmodSync(file, 0o666)
  for (const folder of folders) chmodSync(folder, 0o777)
  const found = await wrongs(box)
  expect(found.map(({title}) => title).sort()).toEqual(
    [...files, ...folders.map(folder => `in ${folder}`)].map(what => `other users may write ${what}`).sort(),
  )
  for (const {fix} of found) execFileSync('sh', ['-c', fix ?? 'false'])
  expect(await wrongs(box)).toEqual([])
})

test('pins that nothing satisfies, as far as can be known', async () => {
  await using registry = await startRegistry()
  await using box = await soundHome(registry.env)
  registry.publish('typescript', '5.9.3', {})
  registry.publish('typescript', '5.8.2', {})
  const pinsOf = async (text: string, env: Record<string, string> = {}) => {
    box.write('.toolversion', text)
    const found = await examine(inShell(box, {TOOL_OFFLINE: '', ...env}))
    return found.filter(({id}) => id === 'pins')
  }
  expect(await pinsOf('typescript 5.9\n')).toMatchObject([{status: 'ok', title: 'typescript 5.9 is there'}])
  expect(await pinsOf('typescript 5.8\n')).toMatchObject([
    {status: 'ok', detail: 'set by .toolversion:1; 5.8.2 is installed when it is used first'},
  ])
  expect(await pinsOf('typescript 4.0.77\n')).toMatchObject([
    {status: 'problem', title: 'there is no typescript 4.0.77 (set by .toolversion:1)'},
  ])
  expect(await pinsOf('typescript 4.0.77\n', {TOOL_OFFLINE: '1'})).toMatchObject([
    {status: 'ok', detail: expect.stringContaining('not checked')},
  ])
  expect(await pinsOf('nonsense 1\n')).toMatchObject([
    {status: 'problem', title: expect.stringContaining('nonsense')},
  ])
  expect(await pinsOf('typescript ^\n')).toMatchObject([
    {status: 'problem', title: expect.stringContaining('.toolversion:1')},
  ])
})

test('two homes, and the shims and programs of others', async () => {
  await using box = await soundHome()
  const TOOL_HOME = join(box.root, 'home two')
  mkdirSync(TOOL_HOME, {mode: 0o755})
  const other = box.context.layout.shims
  const PATH = `${join(TOOL_HOME, 'shims')}:/usr/bin:/bin:${other}`
  expect(await wrongs(box, {TOOL_HOME, PATH})).toMatchObject([
    {
      id: 'homes',
      title: `there are two homes: ${TOOL_HOME}, which TOOL_HOME names, and ${box.context.layout.home}`,
    },
    {id: 'homes', title: `PATH has the shims of another home: ${other}`},
  ])
  const tools = ['a', 'b'].map(name => writeProgram(join(box.root, name, 'tool')))
  const found = await wrongs(box, {PATH: `${other}:${tools.map(path => join(path, '..')).join(':')}`})
  expect(found).toMatchObject([
    {id: 'homes', title: `there are 2 programs called tool on PATH: ${tools.join(', ')}`},
  ])
})

test('settings that nobody can read', async () => {
  await using box = await soundHome()
  writeFileSync(box.context.layout.config, '{"defaultToolchain": ')
  expect(await wrongs(box)).toMatchObject([
    {id: 'config', status: 'problem', title: expect.stringContaining('config.json')},
  ])
  rmSync(box.context.layout.config)
  mkdirSync(box.context.layout.definitions)
  writeFileSync(join(box.context.layout.definitions, 'mine.json'), '{}')
  expect(await wrongs(box)).toMatchObject([{id: 'config', title: expect.stringContaining('mine.json')}])
})

test('a registry that can not be reached, and why', async () => {
  await using box = await soundHome()
  const ask = async (env: Record<string, string>) => {
    const found = await examine(inShell(box, {TOOL_OFFLINE: '', ...env}))
    return found.filter(({id}) => id === 'network')
  }
  const closed = 'http://127.0.0.1:1/'
  expect(await ask({npm_config_registry: closed})).toMatchObject([
    {status: 'problem', title: expect.stringContaining('no connection to 127.0.0.1:1 (ECONNREFUSED)')},
  ])
  await using registry = await startRegistry()
  expect(
    await ask({
      ...registry.env,
      npm_config_proxy: closed,
      HTTP_PROXY: closed,
      NO_PROXY: '',
      npm_config_noproxy: 'x',
    }),
  ).toMatchObject([{status: 'problem', title: expect.stringContaining('proxy')}])
  expect(await ask(registry.env)).toMatchObject([
    {status: 'ok', title: /127/.test(registry.url) ? expect.stringContaining('answers') : ''},
  ])
  const silent = createServer(() => {})
  await new Promise<void>(listening => silent.listen(0, '127.0.0.1', listening))
  const {port} = silent.address() as AddressInfo
  const before = Date.now()
  expect(await ask({npm_config_registry: `http://127.0.0.1:${port}/`})).toMatchObject([{status: 'problem'}])
  expect(Date.now() - before).toBeLessThan(8000)
  silent.closeAllConnections()
  silent.close()
})

test('a certificate that nobody vouches for', async () => {
  const file = (name: string) => readFileSync(join(packageRoot, 'fixtures/tls', name))
  const options = {key: file('localhost.key.pem'), cert: file('localhost.cert.pem')}
  const server = createSecureServer(options, (_, response) => response.end('{}'))
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const npm_config_registry = `https://localhost:${(server.address() as AddressInfo).port}/`
  await using box = await soundHome()
  const env = {TOOL_OFFLINE: '', npm_config_registry, npm_config_globalconfig: '/none/npmrc'}
  expect((await examine(inShell(box, env))).filter(({id}) => id === 'network')).toMatchObject([
    {
      status: 'problem',
      title: expect.stringMatching(/^the certificate of localhost:\d+ is not trusted/),
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    },
  ])
  server.closeAllConnections()
  server.close()
})

test('a clock that goes wrong', async () => {
  await using box = await soundHome()
  const later = new Date(Date.now() + 400 * 24 * 60 * 60_000)
  utimesSync(box.context.layout.versions, later, later)
  expect(await wrongs(box)).toMatchObject([
    {id: 'clock', status: 'warning', title: expect.stringContaining('in the future')},
  ])
  await using registry = await startRegistry()
  registry.on('/', (_, response) => void response.writeHead(200, {date: later.toUTCString()}).end('{}'))
  utimesSync(box.context.layout.versions, new Date(), new Date())
  const found = await examine(inShell(box, {TOOL_OFFLINE: '', ...registry.env}))
  expect(found.filter(({status}) => status !== 'ok')).toMatchObject([
    {id: 'clock', title: expect.stringMatching(/^the clock says .* UTC, and 127\.0\.0\.1:\d+ says /)},
  ])
  expect(clockSkew(new Date(1000).toUTCString(), 61_000, 'host')).toBeUndefined()
  expect(clockSkew('nonsense', 0, 'host')).toBeUndefined()
})

test('a home that is broken still gets its report', async () => {
  await using box = sandbox()
  const env = {HOME: box.root, TOOL_OFFLINE: '1', PATH: '/usr/bin:/bin'}
  writeFileSync(join(box.root, '.tool'), '')
  const ran = await tool(['doctor'], {cwd: box.project, env})
  expect(ran).toMatchObject({code: 1, stderr: ''})
  expect(ran.stdout).toContain(
    `problem: the home is no folder: ${join(box.root, '.tool')}\n  Nothing can be installed.\n  try: mv `,
  )
  rmSync(join(box.root, '.tool'))
  symlinkSync('.tool', join(box.root, '.tool'))
  expect((await tool(['doctor'], {cwd: box.project, env})).stdout).toContain('ELOOP')
})

test("another user's home, closed or only to be read", async () => {
  await using box = await soundHome()
  const uid = 65534
  chmodSync(box.root, 0o755)
  chmodSync(box.project, 0o755)
  const env = {
    HOME: '/nonexistent',
    TOOL_HOME: box.context.layout.home,
    TOOL_OFFLINE: '1',
    PATH: `${box.context.layout.shims}:/usr/bin:/bin`,
  }
  const ask = async () => tool(['doctor', '--json'], {cwd: box.project, env, uid})
  const readable = await ask()
  expect(readable.stderr).toBe('')
  expect(JSON.parse(readable.stdout)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: 'permissions',
        status: 'problem',
        title: `you can't write in ${box.context.layout.home} (it belongs to uid 0)`,
        fix: `sudo chown -R "$(id -u)" ${box.context.layout.home}`,
      }),
    ]),
  )
  chmodSync(box.context.layout.home, 0o700)
  const closed = await ask()
  expect(closed).toMatchObject({code: 1, stderr: ''})
  expect(
    JSON.parse(closed.stdout).filter(({status}: Finding) => status === 'problem').length,
  ).toBeGreaterThan(0)
})

test('the exit code says whether all is well', async () => {
  await using box = await soundHome()
  const env = {HOME: box.root, TOOL_OFFLINE: '1', PATH: `${box.context.layout.shims}:/usr/bin:/bin`}
  const well = await tool(['doctor'], {cwd: box.project, env})
  expect(well).toMatchObject({code: 0, stderr: ''})
  expect(well.stdout).toMatch(/^ok: [\s\S]*\n\nall is well\n$/)
  expect(await tool(['doctor'], {cwd: box.project, env: {...env, PATH: '/usr/bin:/bin'}})).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^warning: the shims are not on PATH\n {2}.*\n {2}try: eval .*\n\nok: [\s\S]*\n\n1 warning\n$/,
    ),
  })
})

test('a store that a newer release laid out is a problem, and what helps', async () => {
  await using box = await soundHome()
  writeFileSync(box.context.layout.store, '{"schema": 99}')
  expect(await wrongs(box)).toMatchObject([
    {
      id: 'versions',
      status: 'problem',
      title: expect.stringContaining('written by a newer tool'),
      fix: expect.stringContaining('set TOOL_HOME'),
    },
  ])
})
