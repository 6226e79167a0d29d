import {execFileSync} from 'node:child_process'
import {chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Origin} from '../../src/base/origin.ts'
import {definitionSchema} from '../../src/model/definition.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'

const origin: Origin = {kind: 'argument', text: 'x'}
const sample = {
  name: 'mycc',
  title: 'My compiler',
  homepage: 'https://mycc.example/',
  aliases: ['cc'],
  sources: [{kind: 'npm', package: 'mycc'}],
  executables: {mycc: {path: 'bin/mycc'}},
}

function define(box: Sandbox, name: string, content: unknown): void {
  mkdirSync(box.context.layout.definitions, {recursive: true})
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(join(box.context.layout.definitions, `${name}.json`), text)
}

const builtins = readdirSync(join(packageRoot, 'toolchains'))

test('these come with the package', () => {
  expect(builtins).toEqual(
    expect.arrayContaining(
      [
        'biome',
        'buf',
        'bun',
        'deno',
        'elm',
        'esbuild',
        'go',
        'node',
        'rescript',
        'sass',
        'sitec',
        'typescript',
        'zig',
      ].map(name => `${name}.json`),
    ),
  )
})

test.each(builtins)('the built-in %s is right, and named as its file', file => {
  const content = JSON.parse(readFileSync(join(packageRoot, 'toolchains', file), 'utf8'))
  expect(definitionSchema.parse(content)).toEqual(content)
  expect(`${content.name}.json`).toBe(file)
})

test('built-in and own definitions side by side; the own one wins', async () => {
  await using box = sandbox()
  define(box, 'mycc', sample)
  define(box, 'esbuild', {...sample, name: 'esbuild', title: 'Mine', aliases: undefined})
  const definitions = await loadDefinitions(box.context)
  expect(definitions.names()).toEqual(['mycc', ...builtins.map(file => file.replace(/\.json$/, ''))].sort())
  expect(definitions.get('mycc', origin)).toEqual(sample)
  expect(definitions.get('cc', origin).name).toBe('mycc')
  expect(definitions.get('esbuild', origin).title).toBe('Mine')
  expect(definitions.get('typescript', origin).title).toBe('TypeScript')
})

test('who has an executable, in any version', async () => {
  await using box = sandbox()
  const definitions = await loadDefinitions(box.context)
  const names = (executable: string) => definitions.providing(executable).map(({name}) => name)
  expect(names('tsc')).toEqual(['typescript'])
  expect(names('tsserver')).toEqual(['typescript'])
  expect(names('constructor')).toEqual([])
})

test('an unknown toolchain, with the nearest names', async () => {
  await using box = sandbox()
  const definitions = await loadDefinitions(box.context)
  const from: Origin = {kind: 'file', path: join(box.project, '.toolversion'), line: 3}
  expect(() => definitions.get('typscript', from)).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_TOOLCHAIN',
      exitCode: 3,
      message: 'there is no toolchain "typscript" (set by .toolversion:3)',
      hint: 'did you mean typescript or rescript?',
    }),
  )
  expect(() => definitions.get('cobol', from)).toThrow(
    expect.objectContaining({hint: expect.stringContaining('known are biome, buf, bun, ')}),
  )
  expect(() => definitions.get('constructor', from)).toThrow(
    expect.objectContaining({code: 'UNKNOWN_TOOLCHAIN'}),
  )
})

test('sources in folders are absolute once loaded', async () => {
  await using box = sandbox()
  const at = (path: string) => [{kind: 'directory', path}]
  define(box, 'mycc', {
    ...sample,
    sources: [...at('archives'), ...at('/srv/x'), ...at('https://cc.example/x')],
    overrides: [{versions: '<1', sources: at('../old/{version}')}],
  })
  const definitions = await loadDefinitions(box.context)
  expect(definitions.get('sitec', origin).sources).toEqual(at(join(packageRoot, 'dist/sitec')))
  const {sources, overrides} = definitions.get('mycc', origin)
  expect(sources).toEqual([
    ...at(join(box.context.layout.definitions, 'archives')),
    ...at('/srv/x'),
    ...at('https://cc.example/x'),
  ])
  expect(overrides?.[0]?.sources).toEqual(at(join(box.context.layout.home, 'old/{version}')))
})

test.each<[string, unknown, RegExp, RegExp]>([
  ['no JSON', '{"name": ', /mycc\.json is not valid JSON/, /mend it/],
  [
    'an unknown field',
    {...sample, execs: {}},
    /mycc\.json: there is no field "execs"/,
    /executables|fields here/,
  ],
  ['a slip of the pen', {...sample, executable: {}}, /executable/, /did you mean "executables"\?/],
  [
    'a slip inside',
    {...sample, build: {driver: 'stream', comand: ['x'], command: ['x']}},
    /: build: /,
    /"command"/,
  ],
  ['a wrong driver', {...sample, build: {driver: 'magic', command: ['x']}}, /: build\.driver: /, /./],
  ['an unknown kind of source', {...sample, sources: [{kind: 'ftp'}]}, /: sources\.0\.kind: /, /./],
  [
    'a pattern that is none',
    {...sample, probe: {executable: 'x', args: [], regexp: '('}},
    /probe\.regexp: .*regular/,
    /./,
  ],
  [
    'a range that is none',
    {...sample, overrides: [{versions: 'new'}]},
    /overrides\.0\.versions: .*range/,
    /./,
  ],
  [
    'a bad reader',
    {...sample, build: {driver: 'stream', command: ['x'], diagnostics: {pattern: '('}}},
    /diagnostics/,
    /./,
  ],
  ['another name than its file', {...sample, name: 'other'}, /name: is "other"/, /other\.json/],
  ['a reserved name', {...sample, name: 'latest'}, /: name: /, /./],
])('an own definition with %s is refused when it is asked for', async (_, content, message, hint) => {
  await using box = sandbox()
  define(box, 'mycc', content)
  const definitions = await loadDefinitions(box.context)
  expect(() => definitions.get('mycc', origin)).toThrow(
    expect.objectContaining({
      code: 'DEFINITION_INVALID',
      exitCode: 3,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    }),
  )
  expect(definitions.get('typescript', origin).name).toBe('typescript')
  expect(definitions.providing('mycc')).toEqual([])
})

test('without own definitions the schema library is not loaded', async () => {
  await using box = sandbox()
  const program = `
    import {registerHooks} from 'node:module'
    const seen = []
    registerHooks({resolve: (name, context, next) => { seen.push(name); return next(name, context) }})
    const {loadDefinitions} = await import(process.env.MODULE)
    const context = {packageRoot: process.env.ROOT, layout: {definitions: process.env.DEFINITIONS}, cwd: '/', env: {}}
    const definitions = await loadDefinitions(context)
    definitions.get('typescript', {kind: 'default'})
    process.stdout.write(String(seen.includes('zod')))
  `
  const loadsZod = () =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: {
        MODULE: new URL('../../src/toolchain/definitions.ts', import.meta.url).href,
        ROOT: packageRoot,
        DEFINITIONS: box.context.layout.definitions,
      },
    })
  expect(loadsZod()).toBe('false')
  define(box, 'mycc', sample)
  expect(loadsZod()).toBe('true')
})

test.runIf(process.getuid?.() === 0)('another user’s definition is none', async () => {
  await using box = sandbox()
  define(box, 'mycc', sample)
  chownSync(join(box.context.layout.definitions, 'mycc.json'), 65_534, 65_534)
  const definitions = await loadDefinitions(box.context)
  expect(() => definitions.get('mycc', origin)).toThrow(
    expect.objectContaining({code: 'DEFINITION_INVALID', message: expect.stringContaining('another user')}),
  )
})

test('a definition in a folder that is no project yet is told as that', async () => {
  await using box = sandbox()
  box.write('toolchains/mycc.json', '{}')
  const definitions = await loadDefinitions(box.context)
  expect(() => definitions.get('mycc', {kind: 'default'})).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_TOOLCHAIN',
      hint: expect.stringContaining('touch .toolversion; then: tool trust'),
    }),
  )
})
