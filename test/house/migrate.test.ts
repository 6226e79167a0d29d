import {chmodSync, chownSync, existsSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {renderMigration} from '../../src/cli/render/migration.ts'
import {type Migration, migrate} from '../../src/house/migrate.ts'
import {findPin} from '../../src/pin/find.ts'
import {printPin} from '../../src/pin/print.ts'
import {builtin} from '../support/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'
import {treeOf} from '../support/tree.ts'

const run = ({context}: Sandbox, {force = false, dryRun = false} = {}) =>
  migrate(context, builtin, {force, dryRun})
const pinFile = (box: Sandbox) => readFileSync(join(box.project, '.toolversion'), 'utf8')
const taken = ({taken: pins}: Migration) => pins.map(({toolchain, specs}) => printPin(toolchain, specs))
const left = ({left: pins}: Migration) => pins.map(({name, reason}) => `${name}: ${reason}`)

/** A project that has been through several version managers. */
function longHistory(box: Sandbox): void {
  box.write(
    'mise.toml',
    '[env]\nnode = "no tool"\n\n[tools]\n"npm:typescript" = "5.9" # ours\nruby = "3.4"\n',
  )
  box.write(
    '.tool-versions',
    'nodejs 22.1.0 ref:main 20.5.1\n# esbuild\ntypescript 5.8.3\nesbuild ref:main\n',
  )
  box.write('.nvmrc', 'lts/jod\n')
  box.write(
    'package.json',
    '{\n  "devEngines": {"runtime": [{"name": "node", "version": ">=20 <23"}, {"name": "workerd"}]}\n}',
  )
}

test('what can be taken is written once, and each place is told, taken or left', async () => {
  await using box = sandbox()
  longHistory(box)
  const before = treeOf(box.project)
  const planned = await run(box, {dryRun: true})
  expect(treeOf(box.project)).toEqual(before)
  expect(renderMigration(planned, box.context, {dryRun: true})).toBe(
    [
      'typescript 5.9      from mise.toml:5 (npm:typescript)',
      'node 22.1.0 20.5.1  from .tool-versions:1 (nodejs)',
      'left where it is:',
      '  mise.toml:6 ruby 3.4: no toolchain is called so',
      '  .tool-versions:1 nodejs ref:main: it is a revision of its sources',
      '    try: pin a released version instead, in .toolversion',
      '  .tool-versions:3 typescript 5.8.3: mise.toml:5 says typescript 5.9',
      '  .tool-versions:4 esbuild ref:main: the version "ref:main" is a revision of its sources',
      '    try: pin a released version instead, in .toolversion',
      '  .nvmrc:1 node lts/jod: .tool-versions:1 says node 22.1.0 20.5.1',
      '  package.json:2 node >=20 <23: .tool-versions:1 says node 22.1.0 20.5.1',
      '  package.json:2 workerd *: no toolchain is called so',
      'would write .toolversion',
      '',
    ].join('\n'),
  )
  expect(await run(box)).toEqual(planned)
  const text = 'typescript 5.9\nnode 22.1.0 20.5.1\n'
  expect(pinFile(box)).toBe(text)
  const after = treeOf(box.project)
  const again = await run(box)
  expect(again).toMatchObject({changed: false, taken: [{state: 'present'}, {state: 'present'}]})
  expect(renderMigration(again, box.context, {dryRun: false})).toMatch(
    /pinned so already\n[\s\S]*\nnothing to write into \.toolversion\n$/,
  )
  expect((await run(box, {force: true})).changed).toBe(false)
  expect(treeOf(box.project)).toEqual(after)
  expect(findPin(box.context, builtin, 'typescript')).toMatchObject({
    specs: [{text: '5.9'}],
    origin: {path: join(box.project, '.toolversion')},
  })
})

test('what is pinned already stays, and with force follows the other files', async () => {
  await using box = sandbox()
  box.write('.toolversion', '# ours\r\nts 5.8.3 # chosen\r\nsass 1.0\r\n')
  box.write('mise.toml', '[tools]\ntypescript = "5.9.3"\nesbuild = "0.28"\n')
  const merged = await run(box)
  expect(left(merged)).toEqual(['typescript: .toolversion:2 says typescript 5.8.3'])
  expect(merged.left).toMatchObject([{hint: 'tool migrate --force'}])
  expect(pinFile(box)).toBe('# ours\r\nts 5.8.3 # chosen\r\nsass 1.0\r\nesbuild 0.28\r\n')
  expect((await run(box, {force: true})).taken).toMatchObject([
    {toolchain: 'typescript', state: 'replaced'},
    {toolchain: 'esbuild', state: 'present'},
  ])
  expect(pinFile(box)).toBe('# ours\r\nts 5.9.3 # chosen\r\nsass 1.0\r\nesbuild 0.28\r\n')
})

test.each([
  ['node = "20"', 'node 20'],
  ['node = 20', 'node 20'],
  ['node = "latest"', 'node latest'],
  ['node = "lts"', 'node lts'],
  ['node = "lts-iron"', 'node lts/iron'],
  ['node = "system"', 'node system'],
  ['node = "prefix:20"', 'node 20'],
  ['node = "path:./my node"', 'node "path:./my node"'],
  ['node = ["22", "20.5.1"]', 'node 22 20.5.1'],
  ['node = {version = "22", os = ["linux"]}', 'node 22'],
  ['node = [{version = "22"}, "20"]', 'node 22 20'],
  ['node = {prefix = "22"}', 'node 22'],
  ['node.version = "22"', 'node 22'],
  ['"core:node" = "22"', 'node 22'],
  ['nodejs = "22"', 'node 22'],
  ["'npm:typescript' = '^5.9'", 'typescript ^5.9'],
  ['"npm:typescript" = ">=5.8 <6"', 'typescript ">=5.8 <6"'],
  ['"ubi:evanw/esbuild[exe=esbuild]" = "0.28.2"', 'esbuild 0.28.2'],
  ['"aqua:microsoft/TypeScript" = "5.9.3"', 'typescript 5.9.3'],
  ['"asdf:asdf-vm/asdf-nodejs" = "22"', 'node 22'],
])('of mise’s tools %s is %s', async (line, pin) => {
  await using box = sandbox()
  box.write('mise.toml', `[tools]\n${line}\n`)
  const migration = await run(box)
  expect(taken(migration)).toEqual([pin])
  expect(migration.left).toEqual([])
  expect(migration.taken[0]?.origin).toMatchObject({line: 2})
  expect(pinFile(box)).toBe(`${pin}\n`)
})

test.each([
  ['node = 20.5', 'node: the version "20.5" is not in quotes'],
  ['node = true', 'node: the version "true" is not in quotes'],
  ['node = {os = "linux"}', 'node: the version "" is not given'],
  ['node = []', 'node: it has no version'],
  ['node = ""', 'node: the version "" is empty'],
  ['node = "sub-1:lts"', 'node: the version "sub-1:lts" is counted back from another one'],
  ['node = {ref = "main"}', 'node: the version "ref:main" is a revision of its sources'],
  ['node = "{{ env.NODE }}"', 'node: the version "{{ env.NODE }}" is a template, which only mise fills in'],
  [
    'node = "../../bin"',
    'node: the version "../../bin" has “..” or a slash in it, which no version may have',
  ],
  ['node = "path:~/node"', 'node: the version "path:~/node" begins with ~'],
  ["node = 'path:a\"b'", 'node: a line of a pin file can’t hold it'],
  ['ruby = "3"', 'ruby: no toolchain is called so'],
  ['"npm:tsc" = "2"', 'npm:tsc: no toolchain is called so'],
  ['"cargo:typescript" = "2"', 'cargo:typescript: no toolchain is called so'],
  ['__proto__ = "2"', '__proto__: no toolchain is called so'],
])('of mise’s tools %s is left', async (line, reason) => {
  await using box = sandbox()
  box.write('mise.toml', `[tools]\n${line}\n`)
  const migration = await run(box)
  expect(left(migration)).toEqual([reason])
  expect(migration).toMatchObject({taken: [], changed: false, left: [{origin: {line: 2}}]})
  expect(existsSync(join(box.project, '.toolversion'))).toBe(false)
})

test('options that no pin can say are told', async () => {
  await using box = sandbox()
  box.write('mise.toml', '[tools.node]\nversion = "22"\nos = ["linux"]\npostinstall = "x"\n')
  const migration = await run(box)
  expect(migration.taken).toMatchObject([{lost: ['os', 'postinstall'], origin: {line: 1}}])
  expect(renderMigration(migration, box.context, {dryRun: false})).toBe(
    'node 22  from mise.toml:1  without its os, postinstall\nwrote .toolversion\n',
  )
})

test.each([
  ['[env]\nnode = "x"\n[tools] # all\n\n node = "22"\n', 5],
  ['[[x]]\n[tools]\nesbuild = "0"\n"node" = "22"\n', 4],
  ['[tools."node"]\nversion = "22"\n', 1],
  ['a = 1\ntools.node = "22"\n', 2],
  ['a = 1\ntools = {node = "22"}\n', 2],
  ['\uFEFF[tools]\r\nnode = "22"\r\n', 2],
])('mise.toml %j: the line of node', async (text, line) => {
  await using box = sandbox()
  box.write('mise.toml', text)
  expect((await run(box)).taken.find(({toolchain}) => toolchain === 'node')?.origin).toMatchObject({line})
})

test.each([
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
])('%s is mise’s too', async name => {
  await using box = sandbox()
  box.write(name, '[tools]\nnode = "22"\n')
  box.write('a/b/x', '')
  const migration = await migrate(box.at({cwd: join(box.project, 'a', 'b')}), builtin, {
    force: false,
    dryRun: false,
  })
  expect(migration.path).toBe(join(box.project, '.toolversion'))
  expect(pinFile(box)).toBe('node 22\n')
})

test('a file that is no TOML is left whole, and the others are taken', async () => {
  await using box = sandbox()
  box.write('mise.toml', '[tools]\nnode = \n')
  box.write('.node-version', 'v22.1.0\n')
  const migration = await run(box)
  expect(migration.left).toMatchObject([
    {name: '', origin: {line: 2}, reason: expect.stringMatching(/^the file is not understood: [^\n]+$/)},
  ])
  expect(pinFile(box)).toBe('node v22.1.0\n')
})

test('it acts on the nearest project, be it mise’s, and never takes a person’s own configuration for one', async () => {
  await using box = sandbox()
  box.write('.tool-versions', 'nodejs 22\n')
  box.write('app/mise.toml', '[tools]\nesbuild = "0.28"\n')
  box.write('lib/.nvmrc', '20\n')
  box.write('lib/src/x', '')
  box.write('../.config/mise/config.toml', '[tools]\nnode = "18"\n')
  box.write('../other/x', '')
  const at = (cwd: string) => migrate(box.at({cwd}), builtin, {force: false, dryRun: true})
  expect(taken(await at(join(box.project, 'app')))).toEqual(['esbuild 0.28'])
  expect(await at(join(box.project, 'lib', 'src'))).toMatchObject({
    path: join(box.project, 'lib', '.toolversion'),
  })
  expect(taken(await at(box.project))).toEqual(['node 22'])
  await expect(at(join(box.root, 'other'))).rejects.toThrow(
    expect.objectContaining({code: 'NOTHING_TO_MIGRATE', exitCode: 3}),
  )
  // In the home itself the person means it.
  expect(taken(await at(box.root))).toEqual(['node 18'])
})

test('the pin file may have another name, even that of another tool', async () => {
  await using box = sandbox()
  box.write('.tool-versions', 'node 22\n')
  box.write('.nvmrc', '20\n')
  const as = (name: string) =>
    migrate(box.at({env: {TOOL_VERSION_FILE: name}}), builtin, {force: false, dryRun: false})
  expect(left(await as('.tool-versions'))).toEqual(['node: .tool-versions:1 says node 22'])
  await as('.pins')
  expect(readFileSync(join(box.project, '.pins'), 'utf8')).toBe('node 22\n')
})

test.each<[string, string, (box: Sandbox, path: string) => void]>([
  ['a folder', 'PIN_FILE_NOT_A_FILE', (_, path) => mkdirSync(path)],
  ['NULs', 'PIN_FILE_BINARY', box => box.write('mise.toml', '\0\0')],
  ['too much', 'PIN_FILE_TOO_LARGE', box => box.write('mise.toml', '#'.repeat(1024 * 1024 + 1))],
  ['a link to itself', 'PIN_FILE_UNREADABLE', (_, path) => symlinkSync('mise.toml', path)],
  [
    'another user’s',
    'PIN_FILE_NOT_YOURS',
    (box, path) => chownSync(box.write('mise.toml', '') && path, 65533, 0),
  ],
])('a mise.toml that is %s is one clear error, and nothing is written', async (_, code, put) => {
  await using box = sandbox()
  box.write('.nvmrc', '20\n')
  put(box, join(box.project, 'mise.toml'))
  await expect(run(box)).rejects.toThrow(expect.objectContaining({code, exitCode: 3}))
  expect(existsSync(join(box.project, '.toolversion'))).toBe(false)
})

test('a pin file that is wrong is told, and stays', async () => {
  await using box = sandbox()
  box.write('.nvmrc', '20\n')
  box.write('.toolversion', 'typescript\n')
  await expect(run(box)).rejects.toThrow(
    expect.objectContaining({
      code: 'PIN_WITHOUT_VERSION',
      message: expect.stringContaining('.toolversion:1'),
    }),
  )
  expect(pinFile(box)).toBe('typescript\n')
})

test('it writes through a link, and keeps the mode', async () => {
  await using box = sandbox()
  box.write('.nvmrc', '20\n')
  const path = box.write('shared/pins', '')
  chmodSync(path, 0o600)
  symlinkSync('shared/pins', join(box.project, '.toolversion'))
  await run(box)
  expect(readFileSync(path, 'utf8')).toBe('node 20\n')
})

test('a file that is not understood makes the exit code 3, whatever else was taken', async () => {
  await using box = sandbox()
  box.write('mise.toml', '[tools\n')
  box.write('.nvmrc', '22\n')
  const run = (...args: string[]) => tool(['migrate', ...args], {cwd: box.project, env: {HOME: box.root}})
  expect(await run('--dry-run')).toMatchObject({code: 3})
  expect(await run()).toMatchObject({code: 3, stdout: expect.stringContaining('the file is not understood')})
  expect(pinFile(box)).toBe('node 22\n')
  box.write('mise.toml', '[tools]\nruby = "3"\n')
  expect(await run()).toMatchObject({code: 0, stderr: ''})
})
