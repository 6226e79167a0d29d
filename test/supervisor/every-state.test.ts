import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {WorkerState} from '../../src/model/event.ts'
import {groupIsGone} from '../../src/process/group.ts'
import type {Outcome, Worker, WorkerSpec} from '../../src/supervisor/index.ts'
import {manualClock} from '../support/manual-clock.ts'
import {writeProgram} from '../support/store.ts'
import {fixture, policy, type Supervised, shellWorker, supervised} from '../support/supervised.ts'

// Stop, kill and restart of a worker, in each of its states; also of one in a loop of restarts, which has it again.

interface Situation {
  /** The state in which it is told. */
  kind: WorkerState['kind']
  /** What it does while the file `fixed` is missing; then it becomes ready, and stays. */
  spec(s: Supervised): WorkerSpec
  /** Done when it is in that state. */
  prepare?(s: Supervised, worker: Worker): void
  /** How it ended already. */
  outcome?: Outcome['kind']
}

const always = policy({restart: 'permanent', maxRestarts: 1000, delay: 1})
const ipc: WorkerSpec['ipc'] & object = {
  root: '/project',
  mode: 'serve',
  arguments: [],
  server: {host: '127.0.0.1', port: 0},
}
const fixedTalker = (s: Supervised, otherwise: string, changes: Partial<WorkerSpec>) =>
  shellWorker(
    `test -e ${fixed(s)} && exec ${process.execPath} ${fixture('child-talker.js')} plain; ${otherwise}`,
    {ipc, restart: always, readiness: {by: 'protocol', timeout: 20_000}, ...changes},
  )
const fixedShell = (s: Supervised, otherwise: string, changes: Partial<WorkerSpec> = {}) =>
  shellWorker(`test -e ${fixed(s)} && exec sleep 600; ${otherwise}`, {restart: always, ...changes})
const fixed = ({box}: Supervised) => join(box.project, 'fixed')

const situations: Record<string, Situation> = {
  'starting, without a process yet': {kind: 'starting', spec: s => fixedShell(s, 'exec sleep 600')},
  'starting, and silent': {kind: 'starting', spec: s => fixedTalker(s, 'exec sleep 600', {})},
  connected: {
    kind: 'connected',
    spec: s =>
      shellWorker(
        `test -e ${fixed(s)} && set -- serve || set -- plain; exec ${process.execPath} ${fixture('child-talker.js')} $1`,
        {ipc, restart: always, readiness: {by: 'server', timeout: 20_000}},
      ),
  },
  ready: {kind: 'ready', spec: s => fixedShell(s, 'exec sleep 600')},
  'in backoff': {kind: 'backoff', spec: s => fixedShell(s, 'exit 3')},
  'stopping, and deaf': {
    kind: 'stopping',
    spec: s => fixedShell(s, `exec ${fixture('child-stubborn.sh')}`),
    prepare: (_, worker) => void worker.stop(),
  },
  'ended by itself': {
    kind: 'stopped',
    spec: s => fixedShell(s, 'exit 0', {restart: policy({restart: 'transient'})}),
    outcome: 'exited',
  },
  'stopped before': {
    kind: 'stopped',
    spec: s => fixedShell(s, 'exec sleep 600'),
    prepare: (_, worker) => void worker.stop(),
    outcome: 'stopped',
  },
  failed: {
    kind: 'failed',
    spec: s => shellWorker('', {file: join(s.box.project, 'program'), args: []}),
    outcome: 'failed',
  },
}

/** A worker in that situation. */
async function begin({kind, spec, prepare}: Situation, name: string) {
  const clock = manualClock()
  const s = supervised({clock})
  const worker = s.supervisor.start(spec(s))
  const wasTold = kind === 'stopping' || name === 'stopped before'
  if (wasTold) {
    await s.reaches('ready')
    if (kind === 'stopping') await s.line(/stubborn/)
    prepare?.(s, worker)
  }
  if (name === 'starting, and silent')
    await s.event(event => event.type === 'worker/state' && 'pid' in event.state && event.state.pid !== null)
  else if (kind !== 'starting') await s.reaches(kind)
  expect(worker.info.state.kind).toBe(kind)
  return {s, clock, worker, pid: worker.info.pid}
}

const cases = Object.entries(situations).map(([name, situation]) => ({name, ...situation}))

test.each(cases)('$name: stop, and it stays so', async ({name, ...situation}) => {
  const {s, clock, worker, pid} = await begin(situation, name)
  await using _s = s
  // Who is deaf is killed when the grace is over.
  const stopping = worker.stop({grace: 1000})
  clock.advance(1000)
  expect((await stopping).kind).toBe(situation.outcome ?? 'stopped')
  clock.advance(1_000_000)
  expect(worker.info).toMatchObject({
    workerId: 'w',
    pid: null,
    restarts: 0,
    state: {kind: situation.outcome === 'failed' ? 'failed' : 'stopped'},
  })
  if (pid !== null) expect(groupIsGone(pid)).toBe(true)
})

test.each(cases)('$name: kill, with no time passing', async ({name, ...situation}) => {
  const {s, worker, pid} = await begin(situation, name)
  await using _s = s
  const outcome = await worker.stop({grace: 0})
  expect(outcome.kind).toBe(situation.outcome ?? 'stopped')
  expect(await worker.done).toEqual(outcome)
  if (pid !== null) expect(groupIsGone(pid)).toBe(true)
  const waiting = worker.ready()
  await expect(waiting).rejects.toMatchObject({exitCode: 8})
})

test.each(cases)('$name: restart, and it is ready under its id', async ({name, ...situation}) => {
  const {s, clock, worker, pid} = await begin(situation, name)
  await using _s = s
  s.box.write('fixed', '')
  if (situation.kind === 'failed') writeProgram(join(s.box.project, 'program'), '#!/bin/sh\nexec sleep 600\n')
  const restarted = worker.restart()
  // What it was told before comes to its end first; it is deaf to that.
  clock.advance(5000)
  await restarted
  expect(worker.info).toMatchObject({workerId: 'w', restarts: 1, state: {kind: 'ready'}})
  expect(worker.info.pid).not.toBe(pid)
  if (pid !== null) expect(groupIsGone(pid)).toBe(true)
  expect(s.supervisor.list()).toEqual([worker])
  expect(new Set(s.events.map(({workerId}) => workerId))).toEqual(new Set(['w']))
})

test.each(cases.filter(({outcome}) => outcome === undefined))(
  '$name: a shutdown of the supervisor ends it',
  async ({name, ...situation}) => {
    const {s, worker, pid} = await begin(situation, name)
    await using _s = s
    await s.supervisor.shutdown({grace: 0})
    expect(worker.info.state.kind).toBe('stopped')
    if (pid !== null) expect(groupIsGone(pid)).toBe(true)
  },
)

test('siblings that fail while one is restarted go their own ways', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const gate = join(s.box.project, 'gate')
  const slow = s.supervisor.start(
    shellWorker(
      `test -e ${gate}.wanted && until test -e ${gate}; do sleep 0.01; done; exec ${process.execPath} ${fixture('child-talker.js')} plain`,
      {id: 'slow', ipc, readiness: {by: 'protocol', timeout: 20_000}},
    ),
  )
  await slow.ready()
  const kinds = {permanent: 'ready', transient: 'ready', temporary: 'stopped'} as const
  const siblings = Object.keys(kinds).map(id =>
    s.supervisor.start(
      shellWorker('exec sleep 600', {
        id,
        restart: policy({restart: id as keyof typeof kinds, delay: 1000, maxRestarts: 3}),
      }),
    ),
  )
  for (const {id} of siblings) await s.reaches('ready', id)
  s.box.write('gate.wanted', '')
  const restarted = slow.restart()
  await s.event(
    event => event.workerId === 'slow' && event.type === 'worker/state' && event.state.kind === 'stopping',
  )
  for (const {info} of siblings) process.kill(info.pid ?? 0, 'SIGKILL')
  for (const id of ['permanent', 'transient']) await s.reaches('backoff', id)
  await s.reaches('stopped', 'temporary')
  clock.advance(1000)
  for (const [id, kind] of Object.entries(kinds)) await s.reaches(kind, id)
  expect(existsSync(gate)).toBe(false)
  expect(slow.info.state.kind).not.toBe('ready')
  s.box.write('gate', '')
  await restarted
  expect([slow, ...siblings].map(({id, info}) => [id, info.restarts, info.state.kind])).toEqual([
    ['slow', 1, 'ready'],
    ['permanent', 1, 'ready'],
    ['transient', 1, 'ready'],
    ['temporary', 0, 'stopped'],
  ])
})

test.each([
  ['in backoff', 'backoff', 'exit 1', {}],
  ['while it starts', 'starting', 'exec sleep 600', {ipc, readiness: {by: 'protocol', timeout: 20_000}}],
  ['the moment it is ready', 'ready', 'exit 1', {}],
] as const)('a loop of restarts is stopped %s', async (_name, kind, script, changes) => {
  const clock = manualClock()
  await using s = supervised({clock})
  // The second round is the one.
  const flag = join(s.box.project, 'second')
  const restart = policy({restart: 'permanent', delay: 1000, maxRestarts: Number.POSITIVE_INFINITY})
  const stopped = Promise.withResolvers<Outcome>()
  s.supervisor.onEvent(({workerId, ...event}) => {
    if (event.type !== 'worker/state' || event.state.kind !== kind || worker.info.restarts === 0) return
    if (kind === 'starting' && event.state.kind === 'starting' && event.state.pid === null) return
    const one = s.supervisor.get(workerId)
    if (one) stopped.resolve(one.stop({grace: 0}))
  })
  const worker = s.supervisor.start(
    shellWorker(`test -e ${flag} || { touch ${flag}; exit 1; }; ${script}`, {restart, ...changes}),
  )
  await s.reaches('backoff')
  await clock.awaited(1000)
  clock.advance(1000)
  expect((await stopped.promise).kind).toBe('stopped')
  clock.advance(1_000_000)
  expect(worker.info).toMatchObject({restarts: 1, pid: null, state: {kind: 'stopped'}})
})
