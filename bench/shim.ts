/**
 * A shim three directories below its pin, against `sh -c 'exec PROGRAM'`: by hyperfine, medians and their ratio.
 * Run: node bench/shim.ts [runs]
 */
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {checkOf} from '../src/pin/lock-check.ts'
import {printLock} from '../src/pin/print-lock.ts'
import {markLocked} from '../src/store/locked-mark.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const runs = process.argv[2] ?? '300'
const folder = mkdtempSync(join(tmpdir(), 'toolversion-bench-'))
const home = join(folder, '.tool')
const {NODE_EXTRA_CA_CERTS: _, ...inherited} = process.env
const env = {...inherited, HOME: folder, TOOL_HOME: home}
const integrity = `sha512-${'A'.repeat(86)}==`

try {
  const version = join(home, 'versions', 'esbuild', '0.28.2')
  const program = join(version, 'bin', 'esbuild')
  mkdirSync(join(version, 'bin'), {recursive: true})
  // The least that a program can do, so that nothing but the way to it is measured.
  writeFileSync(program, readFileSync('/bin/true'), {mode: 0o755})
  writeFileSync(join(version, 'receipt.json'), `{\n  "integrity": "${integrity}",\n  "executables": {}\n}\n`)
  mkdirSync(join(home, 'links', 'esbuild'), {recursive: true})
  symlinkSync('../../versions/esbuild/0.28.2', join(home, 'links', 'esbuild', '^0.28'))
  execFileSync(process.execPath, [join(root, 'bin', 'tool.cjs'), 'rehash'], {env})
  const pins = {
    exact: ['esbuild 0.28.2', ''],
    linked: ['esbuild ^0.28', ''],
    'linked, third of ten lines': [
      `${'# a comment\n'.repeat(2)}esbuild ^0.28${'\nsass 1.0.0'.repeat(7)}`,
      '',
    ],
    'locked, one toolchain': ['esbuild ^0.28', lockOf('esbuild')],
    'locked, last of five': ['esbuild ^0.28', lockOf('biome', 'buf', 'deno', 'elm', 'esbuild')],
  }
  for (const [name, [pin, lock]] of Object.entries(pins)) {
    const project = join(folder, name)
    const deep = join(project, 'a', 'b', 'c')
    mkdirSync(deep, {recursive: true})
    writeFileSync(join(project, '.toolversion'), `${pin}\n`)
    if (lock) writeFileSync(join(project, '.toolversion.lock'), lock)
    compare(name, deep, join(home, 'shims', 'esbuild'), `sh -c 'exec ${program}'`)
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}

/** A lock file in which each toolchain has as many platforms as esbuild. */
function lockOf(...toolchains: readonly string[]): string {
  const {platforms} = JSON.parse(readFileSync(join(root, 'toolchains', 'esbuild.json'), 'utf8'))
  const artifacts = Object.keys(platforms).map(name => {
    const url = `https://registry.example/@esbuild/${name}/-/${name}-0.28.2.tgz`
    return [name, {integrity, size: 4321098, url}] as const
  })
  const entries = toolchains.map(toolchain => ({
    toolchain,
    spec: '^0.28',
    version: '0.28.2',
    artifacts: new Map(artifacts),
    line: 0,
  }))
  for (const entry of entries)
    markLocked({directory: join(home, 'versions', 'esbuild', '0.28.2')}, checkOf(entry))
  return printLock(entries)
}

function compare(name: string, cwd: string, shim: string, plain: string): void {
  const report = join(folder, 'report.json')
  const options = ['--shell=none', '--warmup=20', `--runs=${runs}`, `--export-json=${report}`, '--style=none']
  execFileSync('hyperfine', [...options, plain, shim], {cwd, env: {...env, PWD: cwd}, stdio: 'ignore'})
  const [a, b] = JSON.parse(readFileSync(report, 'utf8')).results.map(
    (one: {median: number}) => one.median * 1000,
  )
  console.log(`shim, ${name}: ${b.toFixed(2)} ms, ${a.toFixed(2)} ms without it, ratio ${(b / a).toFixed(2)}`)
}
