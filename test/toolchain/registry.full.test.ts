import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {execa} from 'execa'
import * as tar from 'tar'
import {afterAll, beforeEach, expect, test} from 'vitest'
import type {Definition, DiagnosticsReaderDefinition} from '../../src/model/definition.ts'
import type {Diagnostic} from '../../src/model/diagnostic.ts'
import {platformsOf} from '../../src/toolchain/concrete.ts'
import {diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'
import {realNetwork} from '../support/real-network.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'
import {startWine, typeLines, windowsPath} from '../support/wine.ts'

/** One home for all of them: what one test installed is there for the next. */
const box = sandbox()
const elmHome = join(box.root, 'elm')
afterAll(() => box[Symbol.asyncDispose]())
beforeEach(() => {
  rmSync(box.project, {recursive: true})
  mkdirSync(box.project)
})

async function run(...args: string[]) {
  const env = {HOME: box.root, TOOL_HOME: box.context.layout.home, ELM_HOME: elmHome, ...realNetwork()}
  return tool(args, {cwd: box.project, env})
}

function builtin(name: string): Definition {
  return JSON.parse(readFileSync(join(packageRoot, 'toolchains', `${name}.json`), 'utf8'))
}

const fromNpm = readdirSync(join(packageRoot, 'toolchains'))
  .map(file => file.replace(/\.json$/, ''))
  .filter(name => builtin(name).sources[0]?.kind === 'npm')

/** What each executable is asked, and what it says of its version; undefined where it tells another one, or none. */
const asked: Record<string, Record<string, [string[], ((version: string) => string)?]>> = {
  biome: {biome: [['--version'], version => `Version: ${version}`]},
  buf: {
    buf: [['--version'], version => version],
    'protoc-gen-buf-lint': [['--help']],
    'protoc-gen-buf-breaking': [['--help']],
  },
  bun: {bun: [['--version'], version => version], bunx: [['--version'], version => version]},
  deno: {deno: [['--version'], version => `deno ${version} `]},
  elm: {elm: [['--version'], version => version]},
  esbuild: {esbuild: [['--version'], version => version]},
  node: {node: [['--version'], version => `v${version}`]},
  rescript: {
    rescript: [['--version'], version => version],
    bsc: [['-v'], version => `ReScript ${version}`],
    'rescript-tools': [['--version']],
  },
  sass: {sass: [['--version'], version => version]},
  typescript: {tsc: [['--version'], version => `Version ${version}`]},
}

test('every definition whose versions npm has is asked here', () => {
  expect(Object.keys(asked)).toEqual(expect.arrayContaining(fromNpm))
})

test.each(fromNpm)('the newest %s installs, and its programs run', async name => {
  const installed = await run('install', `${name}@latest`)
  expect(installed).toMatchObject({code: 0})
  const [, version = ''] = installed.stdout.match(/^\S+ (\S+) /m) ?? []
  expect(readdirSync(join(box.context.layout.home, 'versions', name, version, 'bin')).sort()).toEqual(
    Object.keys(asked[name] ?? {}).sort(),
  )
  for (const [program, [args, says]] of Object.entries(asked[name] ?? {})) {
    const {stdout, stderr} = await run('exec', `${name}@${version}`, '--', program, ...args)
    expect([program, stdout + stderr]).toEqual([program, expect.stringContaining(says?.(version) ?? '')])
    expect(stderr).not.toContain('EXECUTABLE_')
  }
})

test.each([
  ['sass', '1.63.5', 'sass', '1.63.5'],
  ['elm', '0.19.1', 'elm', '0.19.1'],
  ['rescript', '11.1.4', 'rescript', '11.1.4'],
  ['buf', '1.14.0', 'buf', '1.14.0'],
  ['biome', '1.0.0', 'biome', 'Version: 1.0.0'],
  ['deno', '1.46.0', 'deno', 'deno 1.46.0 '],
  ['typescript', '5.9.3', 'tsc', 'Version 5.9.3'],
  ['esbuild', '0.14.0', 'esbuild', '0.14.0'],
])('%s %s, which is laid out in another way', async (name, version, program, says) => {
  expect(await run('install', `${name}@${version}`)).toMatchObject({code: 0})
  const ran = await run('exec', `${name}@${version}`, '--', program, '--version')
  // Biome 1.0 says its version, and ends as if it had failed.
  expect(ran).toMatchObject({code: name === 'biome' ? 1 : 0, stdout: expect.stringContaining(says)})
})

test.each(['sass@1.62.0', 'deno@0.1.1', 'rescript@12.0.0-alpha.12', 'bun@0.0.12'])(
  '%s has no program that could be run, and says so',
  async wanted => {
    const {code, stderr} = await run('install', wanted)
    expect(code).toBe(4)
    expect(stderr).toContain(
      `error NO_ARTIFACT_FOR_PLATFORM: ${wanted.replace('@', ' ')} does not exist for `,
    )
    expect(stderr).toContain(`try: its source has no programs of this version for any platform;`)
  },
)

test.each([
  ['biome', '2.6.8', []],
  ['buf', '1.75.0', []],
  ['bun', '1.4.5', []],
  ['deno', '2.9.6', []],
  ['elm', '0.19.3', []],
  ['rescript', '12.2.0', []],
  ['sass', '1.105.0', ['android-ia32', 'linux-ia32', 'linux-ia32-musl', 'win32-ia32']],
  ['sass', '1.89.0', []],
])('%s %s is locked for all platforms that it is for', async (name, version, without) => {
  box.write('.toolversion', `${name} ${version}\n`)
  expect(await run('lock')).toMatchObject({code: 0})
  const [, ...lines] = readFileSync(join(box.project, '.toolversion.lock'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-100)
  const platforms = lines.flatMap(line => /^ {2}(\S+) sha512-\S+ \S+ https:\/\/\S+$/.exec(line)?.[1] ?? [])
  const known = platformsOf(builtin(name), version) ?? []
  expect(platforms.sort()).toEqual(known.filter(platform => !without.includes(platform)).sort())
})

test('shims start them too: a script that looks for its folder, and a program that looks at its name', async () => {
  box.write('.toolversion', 'sass 1.105.0\nbun 1.4.5\n')
  expect(await run('install')).toMatchObject({code: 0})
  const shims = join(box.context.layout.home, 'shims')
  const shim = (name: string, ...args: string[]) =>
    execa(join(shims, name), args, {
      cwd: box.project,
      env: {HOME: box.root, TOOL_HOME: box.context.layout.home},
    })
  expect((await shim('sass', '--version')).stdout).toBe('1.105.0')
  expect((await shim('bunx', '--help')).stderr).toContain('Usage: bunx')
  expect((await shim('bun', '--version')).stdout).toBe('1.4.5')
})

test('sass for Windows runs there', async () => {
  using wine = startWine()
  const args = ['install', 'sass@1.105.0', '--platform', 'win32-x64']
  const home = join(wine.root, 'home')
  const env = {HOME: wine.root, TOOL_HOME: home, ...realNetwork()}
  expect(await tool(args, {cwd: wine.root, env})).toMatchObject({code: 0})
  const batch = windowsPath(join(home, 'versions/sass/1.105.0/bin/sass.bat'))
  const [said, compiled] = typeLines(
    wine,
    box.project,
    [{line: `"${batch}" --version`}, {line: `"${batch}" --stdin`, input: '.a { b: c }'}],
    {},
  )
  expect(said).toMatchObject({status: 0, stdout: expect.stringMatching(/^1\.105\.0\r?\n$/)})
  expect(compiled?.stdout).toMatch(/^\.a \{\s+b: c;/)
})

interface Compiled {
  name: string
  version: string
  format: Extract<DiagnosticsReaderDefinition, {format: unknown}>['format']
  project: string
  output: string
  args: string[]
  prepare?(): Promise<void>
}

const compiled: Compiled[] = [
  {
    name: 'sass',
    version: '1.108.2',
    format: 'sass',
    project: 'bad-sass',
    output: 'sass-1.108.2.txt',
    args: ['main', 'arguments', 'elsewhere', 'thrown', 'syntax', 'gone'].map(
      file => `${file}.scss:out/${file}.css`,
    ),
  },
  {
    name: 'elm',
    version: '0.19.1',
    format: 'elm',
    project: 'bad-elm',
    output: 'elm-0.19.1.txt',
    args: [],
    async prepare() {
      // An empty registry of packages, which Elm keeps to while its server can't be reached.
      mkdirSync(join(elmHome, '0.19.1/packages'), {recursive: true})
      writeFileSync(join(elmHome, '0.19.1/packages/registry.dat'), Buffer.alloc(16))
    },
  },
  {
    name: 'rescript',
    version: '12.3.1',
    format: 'rescript',
    project: 'bad-rescript',
    output: 'rescript-12.3.1.txt',
    args: [],
    prepare: () => unpack('@rescript/runtime@12.3.1', join(box.project, 'node_modules/@rescript/runtime')),
  },
  {
    name: 'rescript',
    version: '11.1.4',
    format: 'rescript',
    project: 'bad-rescript',
    output: 'rescript-11.1.4.txt',
    args: [],
  },
  {name: 'buf', version: '1.75.0', format: 'buf', project: 'bad-buf', output: 'buf-1.75.0.txt', args: []},
  {
    name: 'bun',
    version: '1.4.5',
    format: 'bun',
    project: 'bad-bun',
    output: 'bun-1.4.5.txt',
    args: ['syntax.ts', 'names.ts', '--outdir=out'],
  },
]

/** A package as a project has it that depends on it. */
async function unpack(spec: string, directory: string): Promise<void> {
  const {stdout} = await execa('npm', ['pack', spec, '--silent'], {cwd: box.root})
  mkdirSync(directory, {recursive: true})
  await tar.extract({file: join(box.root, stdout.trim()), cwd: directory, strip: 1})
}

test.each(compiled)(
  'tool build with $name $version: what was recorded, through the whole of it',
  async one => {
    const {name, version, format, project, output, args, prepare} = one
    cpSync(join(outputFolder, project), box.project, {recursive: true})
    box.write('.toolversion', `${name} ${version}\n`)
    await prepare?.()
    const {code, stdout} = await run(
      'build',
      name,
      '--format=json',
      ...(args.length > 0 ? ['--', ...args] : []),
    )
    expect(code).toBe(1)
    const {diagnostics, toolchains} = JSON.parse(stdout)
    expect(toolchains).toMatchObject([{name, version, status: 'errors'}])
    // Bun's record goes on with two more runs.
    const text = recorded(output, box.project).split('error: ModuleNotFound')[0] ?? ''
    const known = diagnosticsOf(interpretAll(text, {format}, box.project))
    expect(comparable(diagnostics)).toEqual(comparable(known))
  },
)

function comparable(all: readonly Diagnostic[]): string[] {
  const root = pathToFileURL(box.project).href
  return all
    .map(({uri, range, severity, code, message}) =>
      JSON.stringify([uri.replace(root, ''), range, severity, code, message]),
    )
    .sort()
}
