import {expect, test} from 'vitest'
import {manualClock} from '../support/manual-clock.ts'
import {fixture, policy, shellWorker, supervised, talker} from '../support/supervised.ts'

const crash = {file: fixture('child-crash.sh'), args: []}
const always = policy({restart: 'permanent', maxRestarts: 1000})

test('a worker that does its work and ends', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('echo hello; exit 0'))
  await worker.ready()
  expect(await worker.done).toMatchObject({kind: 'exited', exit: {code: 0, signal: null}})
  expect(s.states()).toEqual(['starting', 'starting', 'ready', 'stopped'])
  expect(worker.tail()).toEqual([{workerId: 'w', label: 'shell', stream: 'stdout', text: 'hello'}])
  expect(s.supervisor.list()).toEqual([worker])
  expect(worker.info).toMatchObject({pid: null, restarts: 0, state: {kind: 'stopped'}})
})

test('the environment names the supervisors, and nothing of one above remains', async () => {
  await using s = supervised({above: ['outer', 'inner']})
  const env = {
    PATH: process.env.PATH ?? '',
    TOOL_IPC: '/outer.sock',
    TOOL_WORKER_ID: 'x',
    TOOL_WORKER_TOKEN: 't',
  }
  const worker = s.supervisor.start(shellWorker('env | grep ^TOOL_', {env}))
  await worker.done
  expect(worker.tail().map(({text}) => text)).toEqual([
    `TOOL_SUPERVISORS=outer,inner,${s.supervisor.instance}`,
  ])
})

test('a program that cannot be started fails its worker at once, in words', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('', {file: '/nonexistent/tsc', restart: always}))
  const why = {
    code: 'WORKER_CANNOT_START',
    message: expect.stringContaining('/nonexistent/tsc: no such file'),
  }
  await expect(worker.ready()).rejects.toMatchObject({
    ...why,
    hint: 'check that /nonexistent/tsc is a program that you may run',
    exitCode: 8,
  })
  expect(await worker.done).toMatchObject({
    kind: 'failed',
    reason: 'cannot-spawn',
    exit: {code: null, failure: why},
  })
  expect(s.states()).toEqual(['starting', 'failed'])
})

test('a missing working directory is named', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('', {cwd: '/nonexistent/project'}))
  await expect(worker.ready()).rejects.toThrow('there is no folder /nonexistent/project')
})

test('a compiler that crashes at the start is told with its last words', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(
    shellWorker('', {
      ...crash,
      reinstall: 'tool install --force shell@1',
      readiness: {by: 'server', timeout: 60_000},
    }),
  )
  await expect(worker.ready()).rejects.toMatchObject({
    code: 'WORKER_EXITED',
    message: 'shell ended (exit code 3); the last it said: about to crash',
    hint: 'see all that it prints: tool serve --verbose',
    exitCode: 8,
  })
})

test('a crash loop backs off ever longer, and is given up after as many restarts as allowed', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const restart = policy({restart: 'transient', delay: 1000, maxRestarts: 3, window: 60_000})
  const worker = s.supervisor.start(shellWorker('', {...crash, restart}))
  for (const [attempt, delay] of [1000, 2000, 4000].entries()) {
    const state = await s.reaches('backoff')
    expect(state).toMatchObject({attempt: attempt + 1, until: clock.now() + delay, exit: {code: 3}})
    await clock.awaited(delay)
    clock.advance(delay - 1)
    expect(worker.info.state.kind).toBe('backoff')
    clock.advance(1)
    await s.reaches('ready')
  }
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'gave-up', exit: {code: 3}})
  expect(worker.info.restarts).toBe(3)
  await expect(worker.ready()).rejects.toMatchObject({
    code: 'WORKER_GAVE_UP',
    message:
      'shell ended more than 3 times within 60 s (last: exit code 3); the last it said: about to crash',
  })
})

test('who was ready for long enough begins with a clean history', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const restart = policy({restart: 'transient', delay: 1000, maxRestarts: 1, resetAfter: 30_000})
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart}))
  for (const after of [30_000, 30_000, 30_000]) {
    const {pid} = await s.reaches('ready')
    clock.advance(after)
    process.kill(pid, 'SIGKILL')
    expect(await s.reaches('backoff')).toMatchObject({attempt: 1})
    await clock.awaited(1000)
    clock.advance(1000)
  }
  clock.advance(29_999)
  process.kill((await s.reaches('ready')).pid, 'SIGKILL')
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'gave-up'})
})

test('final exit codes end it, whatever the policy', async () => {
  await using s = supervised()
  const restart = policy({restart: 'permanent', finalExitCodes: [78]})
  const worker = s.supervisor.start(shellWorker('exit 78', {restart}))
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'final-exit', exit: {code: 78}})
})

test('workers that fail beside each other are restarted each on its own', async () => {
  await using s = supervised()
  const restart = policy({restart: 'transient', delay: 1, maxRestarts: 3})
  const workers = ['a', 'b', 'c'].map(id => s.supervisor.start(shellWorker('exit 1', {id, restart})))
  const bystander = s.supervisor.start(shellWorker('sleep 600', {id: 'd'}))
  for (const worker of workers) expect(await worker.done).toMatchObject({reason: 'gave-up'})
  expect(workers.map(({info}) => info.restarts)).toEqual([3, 3, 3])
  expect(bystander.info).toMatchObject({restarts: 0, state: {kind: 'ready'}})
})

test('ids are unique among those that run', async () => {
  await using s = supervised()
  const first = s.supervisor.start(shellWorker('sleep 600'))
  expect(() => s.supervisor.start(shellWorker('sleep 600'))).toThrow('worker w runs already')
  await first.stop()
  const second = s.supervisor.start(shellWorker('sleep 600'))
  expect(s.supervisor.get('w')).toBe(second)
  await expect(first.restart()).rejects.toMatchObject({code: 'SUPERVISOR_STOPPED'})
  expect(() => s.supervisor.start(shellWorker('', {id: 'a\nb'}))).toThrow()
})

test('a socket that cannot be made fails the workers that need it, in words', async () => {
  await using s = supervised({directory: '/dev/null/run'})
  const worker = s.supervisor.start(talker(['plain']))
  await expect(worker.ready()).rejects.toMatchObject({code: 'WORKER_CANNOT_START', exitCode: 8})
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'cannot-spawn'})
})
