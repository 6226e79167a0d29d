/**
 * Starts of the command line against Node's own, and a build against its compilers run by hand: in turns, in one run;
 * figures are medians, ratios those of medians. Run: node bench/cli.ts [rounds]. Needs the compilers of
 * fixtures/sites/hello, which it installs into a home of its own.
 */
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {median} from './median.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'fixtures', 'sites', 'hello')
const home = mkdtempSync(join(tmpdir(), 'toolversion-bench-'))
const rounds = Number(process.argv[2] ?? 15)
// Extra certificates cost every start of node as much as some of the commands measured here.
const {NODE_EXTRA_CA_CERTS: _, ...inherited} = process.env
const env = {
  ...inherited,
  HOME: home,
  PWD: site,
  npm_config_cafile: process.env.NODE_EXTRA_CA_CERTS ?? inherited.npm_config_cafile ?? '',
}
const tool = [process.execPath, join(root, 'bin', 'tool.cjs')]
const start = [process.execPath, '-e', '0']

/** What is called all day. */
const hot = ['which tsc', 'exec true', 'current', 'version-name']
const others = [
  '--help',
  'build --help',
  'status',
  'version',
  'version-file',
  'version-origin',
  'versions',
  'prefix',
  'root',
  'whence tsc',
  'shims',
  'rehash',
  'local',
  'global',
  'init bash',
  'complete -- ins',
  'toolchains',
  'config',
  'install',
  'lock --offline',
  'prune --dry-run',
  'doctor --offline',
  'trust --show',
  'port',
]

try {
  run([...tool, 'install'])
  const starts = [...hot.map(line => ({line, budget: 1.25})), ...others.map(line => ({line, budget: 3}))]
  for (const {line, budget} of starts) {
    await compare(`tool ${line}`, [[...tool, ...line.split(' ')]], 'node -e 0', [start], budget)
  }
  await compare('tool build', [[...tool, 'build']], 'both compilers by hand', compilers())
  process.stdout.write(
    `npm start, set up: ${median(times(3, [['npm', 'start', '--silent', '--prefix', root]])).toFixed(0)} ms\n`,
  )
} finally {
  rmSync(home, {recursive: true, force: true})
}

function compilers(): string[][] {
  const bin = (toolchain: string, version: string, name: string) =>
    join(home, '.tool', 'versions', toolchain, version, 'bin', name)
  const [esbuild = ''] = run([...tool, 'which', 'esbuild'])
    .trim()
    .split('\n')
  return [
    [process.execPath, bin('typescript', '5.9.3', 'tsc'), '--pretty'],
    [
      esbuild,
      'src/main.ts',
      'src/style.css',
      '--bundle',
      '--format=esm',
      '--outdir=dist',
      '--define:LIVE_RELOAD=false',
    ],
  ]
}

async function compare(
  name: string,
  ours: string[][],
  other: string,
  theirs: string[][],
  budget?: number,
): Promise<void> {
  const [a, b]: [number[], number[]] = [[], []]
  // The first calls of a command keep what they compiled, which costs them time.
  for (let call = 0; call < 5; call++) await time(ours)
  for (let round = 0; round < rounds; round++) {
    a.push(await time(ours))
    b.push(await time(theirs))
  }
  const [mine, his] = [median(a), median(b)]
  const ratio = mine / his
  const verdict = budget === undefined ? '' : ratio <= budget ? ` (≤ ${budget})` : ` (over ${budget})`
  process.stdout.write(
    `${name}: ${mine.toFixed(0)} ms, ${other}: ${his.toFixed(0)} ms, ratio ${ratio.toFixed(2)}${verdict}\n`,
  )
}

function times(count: number, commands: string[][]): number[] {
  return Array.from({length: count}, () => {
    const began = performance.now()
    for (const command of commands) run(command)
    return performance.now() - began
  })
}

/** Side by side, as `tool build` runs them. */
async function time(commands: string[][]): Promise<number> {
  const began = performance.now()
  await Promise.all(commands.map(([file = '', ...args]) => ended(file, args)))
  return performance.now() - began
}

/** Commands that find nothing say so by their exit code; none may be ended by a bug or not be there. */
function ended(file: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {cwd: site, env, stdio: 'ignore'})
    child.on('error', reject)
    child.on('exit', code =>
      code !== null && ![2, 70].includes(code)
        ? resolve()
        : reject(new Error(`${file} ${args.join(' ')}: exit ${code}`)),
    )
  })
}

function run([file = '', ...args]: string[]): string {
  const {status, stdout, stderr, error} = spawnSync(file, args, {cwd: site, env, encoding: 'utf8'})
  if (error) throw error
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${status}\n${stderr}`)
  return stdout
}
