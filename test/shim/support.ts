import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Context} from '../../src/base/context.ts'
import {rehash} from '../../src/shim/rehash.ts'
import {markLocked} from '../../src/store/locked-mark.ts'
import {type Definitions, loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

/** The shells that shims are for, as far as this machine has them. */
export const shells = [
  ['dash'],
  ['bash'],
  ['bash', '--posix'],
  ['zsh'],
  ['zsh', '--emulate', 'sh'],
  ['busybox', 'sh'],
  ['ksh'],
  ['mksh'],
].filter(
  ([program = '']) =>
    spawnSync(program, ['-c', ':'], {stdio: 'ignore'}).error === undefined || program === 'busybox',
)

/** Versions that are installed on a machine of these tests. */
const installed = {
  typescript: ['5.8.2', '5.9.3', '7.0.2'],
  esbuild: ['0.28.2'],
  node: ['22.1.0'],
} as const

export interface ShimMachine extends AsyncDisposable {
  box: Sandbox
  definitions: Definitions
  /** Runs a shim; what goes on to `tool exec` prints `slow` and the words that follow the script. */
  run(name: string, options?: RunOptions): Ran
  /** A folder below the project, made. */
  folder(path: string): string
  link(toolchain: string, spec: string, version: string): void
  /** The context that the shims were written for, in a folder. */
  at(cwd: string, env?: Record<string, string>): Context
}

interface RunOptions {
  shell?: readonly string[]
  cwd?: string
  env?: Record<string, string>
  args?: readonly string[]
  input?: string
}

interface Ran {
  status: number | null
  signal: string | null
  stdout: string
  stderr: string
}

/**
 * A machine with versions of three toolchains, whose programs print what they are and their arguments. TypeScript below
 * 7 is run by node; every node prints its version before.
 */
export async function shimMachine(): Promise<ShimMachine> {
  const box = sandbox()
  const {layout} = box.context
  const runtime = writeProgram(join(box.root, 'own runtime'), '#!/bin/sh\nshift\necho "slow $*"\n')
  for (const [toolchain, versions] of Object.entries(installed)) {
    for (const version of versions) {
      const forNode = toolchain === 'typescript' && version.startsWith('5.')
      const executables = toolchain === 'typescript' ? ['tsc', 'tsserver'] : [toolchain]
      putVersion(box, toolchain, version, {executables, runtime: forNode ? 'node' : 'none'})
      for (const name of executables) {
        const text = `#!/bin/sh\necho "${toolchain} ${version}" "$@"\n`
        writeProgram(
          join(layout.bin(toolchain, version), name),
          toolchain === 'node' ? nodeText(version) : text,
        )
      }
    }
  }
  for (const [toolchain, versions] of Object.entries(installed))
    for (const version of versions) markLocked({directory: layout.version(toolchain, version)}, check)
  const bin = join(box.root, 'bin')
  writeProgram(join(bin, 'node'), nodeText('system'))
  const env = {HOME: box.root, PATH: `${layout.shims}:${bin}:/usr/bin:/bin`}
  const at = (cwd: string, more: Record<string, string> = {}) => ({
    ...box.at({cwd, env: {...env, PWD: cwd, ...more}}),
    runtime,
  })
  const definitions = await loadDefinitions(box.context)
  await rehash(at(box.project), definitions)
  return {
    box,
    definitions,
    at,
    run: (name, {shell = ['sh'], cwd = box.project, env: more = {}, args = [], input = ''} = {}) => {
      const [program = 'sh', ...options] = shell
      return spawnSync(program, [...options, join(layout.shims, name), ...args], {
        cwd,
        env: {...env, PWD: cwd, ...more},
        encoding: 'utf8',
        input,
      })
    },
    folder(path) {
      const folder = join(box.project, path)
      mkdirSync(folder, {recursive: true})
      return folder
    },
    link(toolchain, spec, version) {
      const path = join(layout.links, toolchain, spec)
      mkdirSync(dirname(path), {recursive: true})
      if (!existsSync(path)) symlinkSync(join('..', '..', 'versions', toolchain, version), path)
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  }
}

/** A node that says which one it is, then runs the script with sh. */
const nodeText = (version: string) => `#!/bin/sh\nprintf 'node ${version}: '\nexec sh "$@"\n`

/** A lock file with one entry, whose archives stand below its line, as long as a large toolchain's. */
export function lockText(toolchain: string, spec: string, version: string, check: string): string {
  const platforms = Array.from(
    {length: 12},
    (_, index) => `  other-${index} sha512-BBBB 1234 https://registry.example/x.tgz\n`,
  )
  return [`${toolchain} ${spec} ${version} ${check}\n`, ...platforms].join('')
}

/** The check that every installed version of these tests has word of. */
export const check = '0123456789abcdef'

/** What the receipts of installed versions say. */
export const integrity = `sha512-${'A'.repeat(86)}==`
