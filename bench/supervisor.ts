/*
 * The supervisor against bare spawns of the same programs: `node --expose-gc bench/supervisor.ts [rounds]`.
 * Rounds alternate (A B A B …); figures are medians, and a ratio is the median of the ratios of neighbouring rounds.
 */
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {groupUsage} from '../src/process/usage.ts'
import {createSupervisor, defaultPolicy, type Supervisor, type WorkerSpec} from '../src/supervisor/index.ts'
import {median} from './median.ts'

const [rounds = '11'] = process.argv.slice(2)
const count = 100
const directory = mkdtempSync(join(tmpdir(), 'bench-supervisor-'))
const env = {PATH: process.env.PATH ?? '', LC_ALL: 'C'}
const program = fileURLToPath(new URL('../fixtures/programs/worker-ten-lines.ts', import.meta.url))

const sleeper: Omit<WorkerSpec, 'id'> = {
  label: 'sleeper',
  file: '/bin/sleep',
  args: ['1000'],
  cwd: directory,
  env,
  stdin: 'none',
  readiness: {by: 'spawn'},
  restart: {...defaultPolicy, restart: 'permanent', delay: 0, jitter: 0, maxRestarts: 1000},
  grace: 5000,
}

const speaker: Omit<WorkerSpec, 'id'> = {
  ...sleeper,
  label: 'speaker',
  file: process.execPath,
  args: [program],
  ipc: {root: directory, mode: 'build', arguments: [], server: {host: '127.0.0.1', port: 0}},
  readiness: {by: 'protocol', timeout: 60_000},
}

const times = {bare: [] as number[], ours: [] as number[]}
for (let round = -1; round < Number(rounds); round++) {
  const [bare, ours] = [await bareSpawns(), await supervised(sleeper)]
  if (round < 0) continue
  times.bare.push(bare)
  times.ours.push(ours)
}
const ratios = times.ours.map((one, round) => one / (times.bare[round] ?? Number.NaN))
print(`${count} programs started, ms`, times.bare, times.ours, `${median(ratios).toFixed(2)} (≤ 1.3)`)

const delays = await crashes()
console.log(`a crash to running again, without delay of its policy: ${median(delays).toFixed(1)} ms (≤ 50)`)
await memory()
rmSync(directory, {recursive: true, force: true})

async function bareSpawns(): Promise<number> {
  const start = performance.now()
  const children = Array.from({length: count}, () =>
    spawn(sleeper.file, [...sleeper.args], {
      cwd: directory,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  await Promise.all(children.map(child => once(child, 'spawn')))
  const time = performance.now() - start
  await Promise.all(children.map(end))
  return time
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function supervised(spec: Omit<WorkerSpec, 'id'>): Promise<number> {
  const supervisor = createSupervisor({directory})
  const start = performance.now()
  await begin(supervisor, spec)
  const time = performance.now() - start
  await supervisor.shutdown({grace: 0})
  return time
}

function begin(supervisor: Supervisor, spec: Omit<WorkerSpec, 'id'>, many = count): Promise<unknown> {
  const workers = Array.from({length: many}, (_, n) => supervisor.start({...spec, id: `${spec.label}-${n}`}))
  return Promise.all(workers.map(worker => worker.ready()))
}

/** Ms from the end of a process to the start of the next one, for a policy without delay. */
async function crashes(): Promise<number[]> {
  const supervisor = createSupervisor({directory})
  await begin(supervisor, sleeper, 10)
  const found: number[] = []
  for (const worker of supervisor.list()) {
    const {pid} = worker.info
    const again = Promise.withResolvers<number>()
    supervisor.onEvent(event => {
      if (event.workerId !== worker.id || event.type !== 'worker/state') return
      if (event.state.kind === 'ready' && event.state.pid !== pid) again.resolve(performance.now())
    })
    const start = performance.now()
    process.kill(pid ?? 0, 'SIGKILL')
    found.push((await again.promise) - start)
  }
  await supervisor.shutdown({grace: 0})
  return found
}

/** What workers cost in the supervisor, without what their own processes take. */
async function memory(): Promise<void> {
  for (const [spec, many] of [
    [sleeper, count],
    [speaker, 20],
  ] as const) {
    const supervisor = createSupervisor({directory})
    await begin(supervisor, spec, 1)
    const before = held()
    const workers = Array.from({length: many}, (_, n) => supervisor.start({...spec, id: `more-${n}`}))
    await Promise.all(workers.map(worker => worker.ready()))
    const each = (held() - before) / many
    const own = groupUsage(workers.flatMap(({info: {pid}}) => pid ?? []))
    const processes = [...own.values()].map(({memory: bytes}) => bytes)
    console.log(
      `memory of a ${spec.label}: ${(each / 1024).toFixed(1)} kB in the supervisor, ${(median(processes) / 1e6).toFixed(1)} MB its process`,
    )
    await supervisor.shutdown({grace: 0})
  }
}

function held(): number {
  globalThis.gc?.()
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

function print(what: string, bare: readonly number[], ours: readonly number[], ratio: string): void {
  console.log(`${what}: bare ${median(bare).toFixed(0)}, ours ${median(ours).toFixed(0)}, ratio ${ratio}`)
}
