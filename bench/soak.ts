/*
 * A supervisor under everything at once: `node --expose-gc bench/soak.ts [minutes] [seed]`. Workers that crash at random,
 * that flood both streams, that speak the protocol and publish without end, that ignore SIGTERM and leave children behind;
 * clients that join, call, stop reading and vanish. Every ten seconds it writes what the process holds after a garbage
 * collection; at the end it compares the medians of the second and the last quarter, and exits 1 if they grew.
 */
import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {createConnection} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {layoutOf} from '../src/base/layout.ts'
import {
  connectControl,
  createSupervisor,
  defaultPolicy,
  openControl,
  Picture,
  type WorkerSpec,
} from '../src/supervisor/index.ts'
import {median} from './median.ts'

const [minutes = '20', seed = '1'] = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'soak-'))
const layout = layoutOf(join(directory, 'home'))
const env = {PATH: process.env.PATH ?? '', LC_ALL: 'C'}
const random = mulberry(Number(seed))
const between = (low: number, high: number) => low + random() * (high - low)
const end = Date.now() + Number(minutes) * 60_000
const counted = {restarts: 0, events: 0, lines: 0, clients: 0, dropped: 0, gaps: 0}

const common = {
  cwd: directory,
  env,
  stdin: 'none' as const,
  readiness: {by: 'spawn' as const},
  restart: {
    ...defaultPolicy,
    restart: 'permanent' as const,
    delay: 20,
    maxDelay: 500,
    maxRestarts: 1_000_000,
  },
  grace: 200,
}

const sh = (id: string, script: string): WorkerSpec => ({
  ...common,
  id,
  label: id.replace(/-\d+$/, ''),
  file: '/bin/sh',
  args: ['-c', script],
})

const speaker = (id: string): WorkerSpec => ({
  ...common,
  id,
  label: 'speaker',
  file: process.execPath,
  args: [fileURLToPath(new URL('soak-worker.ts', import.meta.url))],
  ipc: {root: directory, mode: 'build', arguments: [], server: {host: '127.0.0.1', port: 0}},
  readiness: {by: 'protocol', timeout: 60_000},
})

const supervisor = createSupervisor({directory: layout.run(directory), random})
const control = await openControl(supervisor, {layout, projectRoot: directory, version: '0.0.0'})
if (control === undefined) throw new Error('there is a supervisor already')
supervisor.onEvent(event => {
  counted.events += 1
  if (event.type === 'worker/state' && event.state.kind === 'backoff') counted.restarts += 1
})
supervisor.onLine(() => {
  counted.lines += 1
})

const specs = [
  sh('crasher-1', 'sleep 0.05; exit 3'),
  sh('crasher-2', 'sleep 0.2; kill -SEGV $$'),
  sh(
    'flood-1',
    'i=0; while [ $i -lt 20000 ]; do echo "line $i of a flood"; echo "and $i" >&2; i=$((i+1)); done; sleep 2',
  ),
  sh('stubborn-1', 'trap "" TERM; (setsid sleep 3 &) ; sleep 1; exit 1'),
  speaker('speaker-1'),
  speaker('speaker-2'),
]
for (const spec of specs) supervisor.start(spec)

const samples: {heap: number; rss: number; files: number}[] = []
await Promise.all([sampling(), restarting(), spawning(), ...Array.from({length: 4}, clients), silent()])
const children = supervisor.list().flatMap(({info: {pid}}) => pid ?? [])
await supervisor.shutdown({grace: 0})
await control.close()
await delay(2000)
const left = children.filter(pid => readdirSync('/proc').includes(String(pid)))
rmSync(directory, {recursive: true, force: true})

const quarter = Math.floor(samples.length / 4)
const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)]
const grown = (what: 'heap' | 'rss' | 'files') =>
  median(late.map(one => one[what])) / median(early.map(one => one[what]))
const growth = {heap: grown('heap'), rss: grown('rss'), files: grown('files')}
console.log(JSON.stringify({...counted, growth, left}))
const isFlat = growth.heap < 1.1 && growth.rss < 1.15 && growth.files < 1.1
process.exitCode = isFlat && counted.gaps + left.length === 0 ? 0 : 1

async function sampling(): Promise<void> {
  while (Date.now() < end) {
    await delay(10_000)
    globalThis.gc?.()
    const {heapUsed, external, rss} = process.memoryUsage()
    const one = {heap: heapUsed + external, rss, files: readdirSync('/proc/self/fd').length}
    samples.push(one)
    const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
    console.log(
      `heap ${mega(one.heap)}, rss ${mega(one.rss)}, ${one.files} files, ${JSON.stringify(counted)}`,
    )
  }
}

async function restarting(): Promise<void> {
  while (Date.now() < end) {
    await delay(between(200, 1500))
    const all = supervisor.list()
    const worker = all[Math.floor(random() * all.length)]
    const pid = worker?.info.pid
    if (random() < 0.5) void worker?.restart().catch(() => {})
    else if (pid) killIfAny(pid)
  }
}

/** Workers that come, go, and are forgotten. */
async function spawning(): Promise<void> {
  for (let n = 0; Date.now() < end; n++) {
    const worker = supervisor.start({
      ...sh(`passer-${n}`, 'echo here; sleep 30'),
      restart: {...common.restart, restart: 'temporary'},
    })
    await delay(between(50, 500))
    await worker.stop({grace: 0})
    supervisor.remove(worker.id)
  }
}

/** One that joins, keeps a picture by events, leaves, and comes back to where it was. */
async function clients(): Promise<void> {
  let since: {instance: string; seq: number} | undefined
  let picture = new Picture()
  while (Date.now() < end) {
    using controller = await connectControl({layout, projectRoot: directory})
    if (controller === undefined) continue
    counted.clients += 1
    let last = 0
    const subscription = await controller
      .subscribe((event, seq) => {
        if (seq !== last + 1) counted.gaps += 1
        last = seq
        picture.apply(event)
      }, since)
      .catch(() => undefined)
    if (subscription === undefined) continue
    last = subscription.seq
    if (subscription.snapshot) picture = Picture.of(subscription.snapshot)
    await delay(between(10, 3000))
    // One that can't keep up is disconnected, and comes back.
    await Promise.all([controller.workers(), controller.logs({}), controller.diagnostics()]).catch(() => {
      counted.dropped += 1
    })
    since = {instance: controller.instance, seq: last}
    controller.close()
    await controller.closed
    since.seq = last
  }
}

/** Connections that say nothing, and go. */
async function silent(): Promise<void> {
  const path = control?.socket ?? ''
  while (Date.now() < end) {
    const sockets = Array.from({length: 20}, () => createConnection(path).on('error', () => {}))
    await delay(between(100, 1000))
    for (const socket of sockets) socket.destroy()
  }
}

function killIfAny(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Numbers that a seed gives again. */
function mulberry(state: number): () => number {
  let a = state
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
