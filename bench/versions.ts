/**
 * The start of `tool versions` with a thousand installed versions against that of Node itself, in turns; figures are
 * medians, ratios those of medians.
 * Run: node bench/versions.ts [rounds]. Needs dist/, and no network.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {median} from './median.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'toolversion-bench-'))
const rounds = Number(process.argv[2] ?? 40)
// Extra certificates cost every start of node as much as some of the commands measured here.
const {NODE_EXTRA_CA_CERTS: _, ...inherited} = process.env
const env = {...inherited, HOME: home}
const tool = join(root, 'bin', 'tool.cjs')

try {
  const versions = join(home, '.tool', 'versions', 'typescript')
  for (let at = 0; at < 1000; at++) {
    const bin = join(versions, `${Math.floor(at / 100)}.${Math.floor(at / 10) % 10}.${at % 10}`, 'bin')
    mkdirSync(bin, {recursive: true})
    writeFileSync(join(bin, 'tsc'), '#!/bin/sh\n', {mode: 0o755})
  }
  // As in every home that was used before: later starts find our code compiled.
  mkdirSync(join(home, '.tool', 'cache'))
  const commands: [name: string, args: string[]][] = [
    ['node -e 0', ['-e', '0']],
    ['tool versions', [tool, 'versions']],
    ['tool versions, in a project that pins a range', [tool, 'versions', '-C', project('^5.8')]],
    ['tool versions --bare', [tool, 'versions', '--bare']],
    ['tool whence tsc', [tool, 'whence', 'tsc']],
    ['tool prefix 9.9.9', [tool, 'prefix', '9.9.9']],
  ]
  const times = commands.map((): number[] => [])
  for (let round = -5; round < rounds; round++) {
    for (const [at, [, args]] of commands.entries()) {
      const took = time(args)
      if (round >= 0) times[at]?.push(took)
    }
  }
  const [node = 1] = times.map(median)
  for (const [at, [name]] of commands.entries()) {
    const took = median(times[at] ?? [])
    process.stdout.write(`${name}: ${took.toFixed(1)} ms, ratio ${(took / node).toFixed(2)}\n`)
  }
} finally {
  rmSync(home, {recursive: true, force: true})
}

function project(spec: string): string {
  const folder = join(home, 'app')
  mkdirSync(folder)
  writeFileSync(join(folder, '.toolversion'), `typescript ${spec}\n`)
  return folder
}

function time(args: string[]): number {
  const began = performance.now()
  const {status, stderr} = spawnSync(process.execPath, args, {cwd: home, env, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${args.join(' ')}: exit ${status}\n${stderr}`)
  return performance.now() - began
}
