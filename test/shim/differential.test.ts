import {realpathSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {UserError} from '../../src/base/errors.ts'
import {planExec} from '../../src/house/exec.ts'
import {checkOf} from '../../src/pin/lock-check.ts'
import {printLock} from '../../src/pin/print-lock.ts'
import {markLocked} from '../../src/store/locked-mark.ts'
import {integrity, type ShimMachine, shimMachine} from './support.ts'

/** Lines of pin files, right ones mostly. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('typescript 5.9.3', 'typescript 7.0.2', 'typescript ^7', 'typescript latest'),
  },
  {weight: 3, arbitrary: fc.constantFrom('esbuild 0.28.2', 'node 22.1.0', 'sass 1', 'node system', '')},
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '# typescript 5.8.2',
      '  typescript\t5.8.2   # old',
      'typescript@7.0.2',
      'typescript@"^7"',
      'typescript 9.9.9 7.0.2',
      'typescript 7.0.2 9.9.9',
      '7.0.2',
      'v5.9.3',
      '^7',
      'typescript ">=7 <8"',
      'typescript system',
      'typescript v7.0.2',
      'typescript =7.0.2',
      'typescript 7.0.2 || 8',
      'typescript 7.0.2 - 8',
      'typescript >=7',
      'typescript lts/iron 7.0.2',
      'esbuild',
      'esbuild ..',
      '<<<<<<< HEAD',
      '=======',
      'sass "1 # x',
      'sass \v1',
    ),
  },
)
const end = fc.constantFrom('\n', '\n', '\r\n')
const pinFile = fc
  .array(fc.tuple(line, end), {maxLength: 4})
  .map(lines => lines.map(([text, newline]) => text + newline).join(''))
const lockFile = fc.constantFrom('', '^7', '7.0.2', '5.9.3', '">=7 <8"', 'latest')

/** A nest of folders, each of which may have files. */
const folders = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b c', "d'e", 'f\ng', '-h', '*', 'ü'),
    pins: fc.option(pinFile, {nil: undefined, freq: 2}),
    lock: fc.option(lockFile, {nil: undefined, freq: 1}),
    config: fc.option(fc.constantFrom('{}', '{"defaultToolchain": "esbuild"}'), {nil: undefined, freq: 1}),
    other: fc.option(fc.constantFrom('.tool-versions', '.nvmrc', 'package.json'), {nil: undefined, freq: 1}),
  }),
  {minLength: 1, maxLength: 4},
)
const environment = fc.record(
  {
    TOOL_VERSION: fc.constantFrom('7.0.2', '', 'system'),
    TOOL_TYPESCRIPT_VERSION: fc.constantFrom('5.8.2', '', '^7', '9.9.9 5.8.2'),
    TOOL_NODE_VERSION: fc.constantFrom('22.1.0', 'system'),
    TOOL_DEFAULT_TOOLCHAIN: fc.constantFrom('esbuild', 'typescript'),
  },
  {requiredKeys: []},
)

test('a shim that decides by itself decides as tool exec does', async () => {
  await using m = await shimMachine()
  m.link('typescript', '^7', '7.0.2')
  m.link('typescript', 'latest', '7.0.2')
  let count = 0
  let alone = 0
  fc.assert(
    fc.property(folders, environment, fc.boolean(), (nest, env, inTop) => {
      let path = `case-${count++}`
      const top = m.folder(path)
      for (const {name, pins, lock, config, other} of nest) {
        path = join(path, name)
        m.folder(path)
        if (pins !== undefined) m.box.write(join(path, '.toolversion'), pins)
        if (lock !== undefined) m.box.write(join(path, '.toolversion.lock'), locked(m, lock))
        if (config !== undefined) m.box.write(join(path, 'tool.json'), config)
        if (other !== undefined)
          m.box.write(join(path, other), other === 'package.json' ? '{"name": "x"}' : '')
      }
      const deepest = join(m.box.project, path)
      const where = inTop ? {cwd: top, env: {...env, TOOL_DIR: deepest}} : {cwd: deepest, env}
      const ran = m.run('tsc', {...where, args: ['x']})
      expect(ran).toMatchObject({status: 0, stderr: ''})
      if (ran.stdout === 'slow exec -- tsc x\n') return
      alone++
      expect(ran.stdout).toBe(expectedOf(m, where))
    }),
    {numRuns: 400},
  )
  // Else nothing would have been compared.
  expect(alone).toBeGreaterThan(100)
})

/** A right lock file, with one entry. */
const locked = (m: ShimMachine, spec: string) => {
  if (spec === '') return ''
  const version = spec.includes('5.9.3') ? '5.9.3' : '7.0.2'
  const artifacts = new Map([['any', {integrity, size: 1, url: 'https://registry.example/x.tgz'}]])
  const entry = {toolchain: 'typescript', spec: spec.replaceAll('"', ''), version, artifacts, line: 0}
  markLocked({directory: m.box.context.layout.version('typescript', version)}, checkOf(entry))
  return printLock([entry])
}

/** What would be printed if `tool exec` ran it. */
function expectedOf(m: ShimMachine, {cwd, env}: {cwd: string; env: Record<string, string>}): string {
  try {
    const {file, args} = planExec(m.at(cwd, env), m.definitions, {command: 'tsc', args: [], pins: []})
    const programs = [file, ...args].map(path => realpathSync(path).split('/').slice(-4))
    return `${programs.map(sayingOf).join('')} x\n`
  } catch (error) {
    return error instanceof UserError ? error.code : String(error)
  }
}

/** `…/versions/TOOLCHAIN/VERSION/bin/NAME` is what its program says. */
function sayingOf([toolchain, version, , name]: readonly string[]): string {
  if (name !== 'node') return `${toolchain} ${version}`
  return toolchain === 'node' ? `node ${version}: ` : 'node system: '
}
