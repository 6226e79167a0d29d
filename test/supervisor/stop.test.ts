import {join} from 'node:path'
import {expect, test} from 'vitest'
import {groupIsGone} from '../../src/process/group.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {manualClock} from '../support/manual-clock.ts'
import {fixture, policy, shellWorker, supervised} from '../support/supervised.ts'

const crash = {file: fixture('child-crash.sh'), args: []}
const stubborn = {file: fixture('child-stubborn.sh'), args: []}
const always = policy({restart: 'permanent', maxRestarts: 1000})

test('a worker in backoff can be stopped, and stays so', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(shellWorker('', {...crash, restart: always}))
  await s.reaches('backoff')
  expect(await worker.stop()).toMatchObject({kind: 'stopped', exit: {code: 3}})
  clock.advance(1_000_000)
  expect(s.states().at(-1)).toBe('stopped')
  expect(await worker.stop()).toMatchObject({kind: 'stopped'})
})

test('a worker can be stopped before it has a process', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart: always}))
  const outcome = await worker.stop()
  expect(outcome.kind).toBe('stopped')
  await expect(worker.ready()).rejects.toMatchObject({code: 'WORKER_STOPPED', exitCode: 8})
  expect(s.states()).not.toContain('ready')
})

test('a restart loop that takes no time can still be stopped', async () => {
  await using s = supervised()
  const restart = policy({restart: 'permanent', delay: 0, maxRestarts: Number.POSITIVE_INFINITY})
  const worker = s.supervisor.start(shellWorker('exit 0', {restart}))
  await s.event(({workerId}) => workerId === 'w' && worker.info.restarts >= 3)
  expect((await worker.stop()).kind).toBe('stopped')
})

test('who ignores SIGTERM is killed when the grace is over', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(shellWorker('', {...stubborn, grace: 5000}))
  await s.line(/stubborn/)
  const stopped = worker.stop()
  expect(await s.reaches('stopping')).toMatchObject({deadline: clock.now() + 5000})
  clock.advance(5000)
  expect(await stopped).toMatchObject({kind: 'stopped', exit: {code: null, signal: 'SIGKILL'}})
})

test('asked again with less grace, it hurries', async () => {
  await using s = supervised({clock: manualClock()})
  const worker = s.supervisor.start(shellWorker('', stubborn))
  await s.line(/stubborn/)
  const patient = worker.stop()
  expect(await worker.stop({grace: 0})).toMatchObject({exit: {signal: 'SIGKILL'}})
  expect(await patient).toMatchObject({kind: 'stopped'})
})

test('done means that the whole group is gone', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('', {file: fixture('child-family.sh'), args: [], grace: 100}))
  const [, grandchild] = await s.line(/grandchild (\d+)/)
  await worker.stop()
  expect(processIdentity(Number(grandchild))).toBeUndefined()
})

test('what a worker that ends by itself leaves in its group is ended too', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('', {file: fixture('child-leaver.sh'), args: []}))
  const {pid} = await s.reaches('ready')
  expect(await worker.done).toMatchObject({kind: 'exited', exit: {code: 0}})
  expect(groupIsGone(pid)).toBe(true)
})

test('restart: a new process, a clean history, the same worker', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart: always}))
  const {pid} = await s.reaches('ready')
  await worker.restart()
  expect(worker.info).toMatchObject({restarts: 1, state: {kind: 'ready'}})
  expect(worker.info.pid).not.toBe(pid)
  expect(groupIsGone(pid)).toBe(true)
  expect(s.states()).toEqual(['starting', 'starting', 'ready', 'stopping', 'starting', 'starting', 'ready'])
})

test('restart wakes a worker in backoff, and one that was stopped', async () => {
  await using s = supervised({clock: manualClock()})
  const flag = join(s.box.project, 'fixed')
  const worker = s.supervisor.start(
    shellWorker(`test -e ${flag} && exec sleep 600; exit 1`, {restart: always}),
  )
  await s.reaches('backoff')
  s.box.write('fixed', '')
  await worker.restart()
  const first = await worker.stop()
  await worker.restart()
  expect(worker.info).toMatchObject({restarts: 2, state: {kind: 'ready'}})
  expect(first).toMatchObject({kind: 'stopped', exit: {signal: 'SIGTERM'}})
  expect(await worker.stop()).toMatchObject({kind: 'stopped'})
})

test('shutdown stops all, may be called twice, and nothing starts after it', async () => {
  await using s = supervised()
  const workers = ['a', 'b'].map(id => s.supervisor.start(shellWorker('sleep 600', {id, restart: always})))
  await Promise.all([s.supervisor.shutdown(), s.supervisor.shutdown()])
  expect(workers.map(({info}) => info.state.kind)).toEqual(['stopped', 'stopped'])
  expect(() => s.supervisor.start(shellWorker(''))).toThrow(
    expect.objectContaining({code: 'SUPERVISOR_STOPPED'}),
  )
  await expect(workers[0]?.restart()).rejects.toMatchObject({code: 'SUPERVISOR_STOPPED', exitCode: 8})
})

test.each(['starting', 'ready', 'backoff'])(
  'a listener may stop a worker the moment it is %s',
  async kind => {
    await using s = supervised({clock: manualClock()})
    s.supervisor.onEvent(event => {
      if (event.type === 'worker/state' && event.state.kind === kind) void s.supervisor.get('w')?.stop()
    })
    const worker = s.supervisor.start(shellWorker('exit 1', {restart: always}))
    expect(await worker.done).toMatchObject({kind: 'stopped'})
    expect(s.states().at(-1)).toBe('stopped')
  },
)

test('a listener may start a worker again the moment it ended', async () => {
  await using s = supervised()
  const again = Promise.withResolvers<void>()
  s.supervisor.onEvent(event => {
    if (event.type !== 'worker/state' || event.state.kind !== 'stopped' || worker.info.restarts > 0) return
    s.box.write('again', '')
    again.resolve(worker.restart())
  })
  const flag = join(s.box.project, 'again')
  const worker = s.supervisor.start(shellWorker(`test -e ${flag} && exec sleep 600; exit 4`))
  expect(await worker.done).toMatchObject({kind: 'exited', exit: {code: 4}})
  await again.promise
  expect(worker.info).toMatchObject({restarts: 1, state: {kind: 'ready'}})
})

test('a restart while it is being stopped waits for that end: every call is answered', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart: always}))
  const {pid} = await s.reaches('ready')
  const stopped = worker.stop()
  const restarted = worker.restart()
  expect(await stopped).toMatchObject({kind: 'stopped', exit: {signal: 'SIGTERM'}})
  await restarted
  expect(worker.info).toMatchObject({restarts: 1, state: {kind: 'ready'}})
  expect(worker.info.pid).not.toBe(pid)
})

test('of a restart between two stops the last word counts', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart: always}))
  await s.reaches('ready')
  const first = worker.stop()
  const restarted = worker.restart()
  const second = worker.stop()
  await expect(restarted).rejects.toMatchObject({code: 'WORKER_STOPPED', exitCode: 8})
  expect([(await first).kind, (await second).kind]).toEqual(['stopped', 'stopped'])
  expect(worker.info).toMatchObject({restarts: 0, state: {kind: 'stopped'}})
})

test('a restart while the supervisor shuts down is refused', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 600', {restart: always}))
  await s.reaches('ready')
  const shutdown = s.supervisor.shutdown()
  await expect(worker.restart()).rejects.toMatchObject({code: 'SUPERVISOR_STOPPED', exitCode: 8})
  await shutdown
  expect(worker.info).toMatchObject({state: {kind: 'stopped'}})
})
