/**
 * A warm build, by a compiler that the project's session keeps, against tsc by hand: 300 files, nothing changed, in
 * turns, in one run; medians. Run: node bench/warm.ts [rounds]. Installs TypeScript 5.9 into a home of its own.
 */
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {median} from './median.ts'

const rounds = Number(process.argv[2] ?? 11)
const files = 300
const home = mkdtempSync(join(tmpdir(), 'toolversion-bench-'))
const project = join(home, 'project')
// Extra certificates cost every start of node as much as what is measured here.
const {NODE_EXTRA_CA_CERTS: authority, ...inherited} = process.env
const env = {
  ...inherited,
  HOME: home,
  PWD: project,
  npm_config_cafile: authority ?? inherited.npm_config_cafile ?? '',
}
const tool = [process.execPath, fileURLToPath(new URL('../bin/tool.cjs', import.meta.url))]

try {
  write()
  run([...tool, 'install'])
  const tsc = [process.execPath, join(home, '.tool', 'versions', 'typescript', '5.9.3', 'bin', 'tsc')]
  const build = [...tool, 'build', 'typescript']
  run([...tool, 'serve', 'sitec', '--detach'])
  // The first one starts the compiler that is kept.
  const first = time(build)
  const times = {tsc: [] as number[], warm: [] as number[], edited: [] as number[], cold: [] as number[]}
  for (let round = 0; round < rounds; round++) {
    times.tsc.push(time(tsc))
    times.warm.push(time(build))
    writeFileSync(join(project, 'src', 'm150.ts'), module(150, `// ${round}`))
    times.edited.push(time(build))
    times.cold.push(time([...build, '--no-warm']))
  }
  const by = (one: keyof typeof times) => `${(median(times[one]) / median(times.tsc)).toFixed(2)} ×`
  const ms = (one: keyof typeof times) => `${median(times[one]).toFixed(0)} ms`
  process.stdout.write(
    [
      `tsc by hand, ${files} files: ${ms('tsc')}`,
      `warm, nothing changed: ${ms('warm')}, ${by('warm')} (budget 0.2 ×)`,
      `warm, one file changed: ${ms('edited')}, ${by('edited')}`,
      `cold: ${ms('cold')}, ${by('cold')}`,
      `the first, which starts what is kept: ${first.toFixed(0)} ms`,
      '',
    ].join('\n'),
  )
} finally {
  spawnSync(tool[0] ?? '', [...tool.slice(1), 'stop', '--all'], {cwd: home, env})
  rmSync(home, {recursive: true, force: true})
}

function write(): void {
  for (const folder of ['src', 'content']) mkdirSync(join(project, folder), {recursive: true})
  writeFileSync(join(project, '.toolversion'), 'typescript 5.9.3\nsitec 2.0.0\n')
  writeFileSync(join(project, 'content', 'index.md'), '---\ntitle: Bench\n---\n')
  const compilerOptions = {target: 'es2022', module: 'nodenext', strict: true, outDir: 'dist', types: []}
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({compilerOptions, include: ['src']}))
  for (let n = 1; n <= files; n++) writeFileSync(join(project, 'src', `m${n}.ts`), module(n, ''))
}

function module(n: number, comment: string): string {
  const before =
    n === 1
      ? ''
      : `import {f${n - 1}} from './m${n - 1}'\nexport const v${n} = f${n - 1}({a: ${n}, b: 'x'})\n`
  return `${before}export interface T${n} { a: number; b: string }\nexport function f${n}(x: T${n}): number { return x.a + ${n} }\n${comment}\n`
}

function time(words: readonly string[]): number {
  const start = performance.now()
  run(words)
  return performance.now() - start
}

function run([file = '', ...args]: readonly string[]): void {
  const {status, stderr, stdout} = spawnSync(file, args, {cwd: project, env, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}${stdout}`)
}
