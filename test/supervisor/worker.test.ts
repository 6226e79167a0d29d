import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import type {Interpreter} from '../../src/model/interpreter.ts'
import {groupIsGone} from '../../src/process/group.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {manualClock} from '../support/manual-clock.ts'
import {fixture, policy, shellWorker, supervised, talker} from '../support/supervised.ts'

const crash = {file: fixture('child-crash.sh'), args: []}
const stubborn = {file: fixture('child-stubborn.sh'), args: []}
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
  await expect(worker.ready()).rejects.toMatchObject({...why, exitCode: 8})
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
  const worker = s.supervisor.start(shellWorker('', {...crash, readiness: {by: 'server', timeout: 60_000}}))
  await expect(worker.ready()).rejects.toMatchObject({
    code: 'WORKER_EXITED',
    message: 'shell ended (exit code 3)',
    hint: 'the last it said: about to crash',
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
    message: 'shell ended more than 3 times within 60 s (last: exit code 3)',
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

test('an interpreter makes events of lines; what it leaves open is closed', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line: (_stream, text) => {
      const [method = '', id = ''] = text.split(' ')
      if (method === 'begin') return [{method: 'task/start', params: {taskId: id, title: text}}]
      return method === 'end' ? [{method: 'task/finish', params: {taskId: id, status: 1}}] : []
    },
    end: ({code}) => [{method: 'log/message', params: {level: 'info', message: `it was ${code}`}}],
  })
  const worker = s.supervisor.start(
    shellWorker('echo begin a; echo begin b; echo begin b; echo end a; echo end a; exit 1', {interpreter}),
  )
  await worker.done
  const tasks = s.events.filter(({type}) => type.startsWith('task/'))
  expect(tasks).toMatchObject([
    {type: 'task/start', taskId: 'a', workerId: 'w', label: 'shell'},
    {type: 'task/start', taskId: 'b'},
    {type: 'task/finish', taskId: 'a', status: 1},
    {type: 'task/finish', taskId: 'b', status: 2},
  ])
  expect(worker.tail().at(-1)).toMatchObject({stream: 'log', level: 'info', text: 'it was 1'})
})

test('what a worker had open when it was stopped counts as cancelled', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line: () => [{method: 'task/start', params: {taskId: 'a', title: ''}}],
    end: () => [],
  })
  const worker = s.supervisor.start(shellWorker('echo go; sleep 600', {interpreter}))
  await s.line(/go/)
  await worker.stop()
  expect(s.events.find(({type}) => type === 'task/finish')).toMatchObject({status: 3})
})

test('a new process takes back what the one before said of files', async () => {
  await using s = supervised()
  const uri = 'file:///a'
  const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}
  const interpreter = (): Interpreter => ({
    line: (_stream, message) => [
      {method: 'diagnostics/publish', params: {uri, reset: false, diagnostics: [{range, message}]}},
    ],
    end: () => [],
  })
  const restart = policy({restart: 'transient', delay: 1, maxRestarts: 2})
  const worker = s.supervisor.start(shellWorker('echo $$; exit 1', {interpreter, restart}))
  await worker.done
  expect(s.supervisor.events.snapshot().diagnostics).toMatchObject([{uri, diagnostics: {length: 1}}])
})

test('the tail is bounded in lines and in size', async () => {
  await using s = supervised()
  const many = s.supervisor.start(shellWorker('seq 5000'))
  await many.done
  expect(many.tail().length).toBe(1000)
  expect(many.tail()[0]?.text).toBe('4001')
  const long = s.supervisor.start(
    shellWorker('head -c 4000000 /dev/zero | tr "\\0" x; echo; echo end', {id: 'long'}),
  )
  await long.done
  const size = long.tail().reduce((sum, {text}) => sum + text.length, 0)
  expect(size).toBeGreaterThan(900_000)
  expect(size).toBeLessThanOrEqual(1024 * 1024)
  expect(long.tail().at(-1)?.text).toBe('end')
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

test('shutdown stops all, may be called twice, and nothing starts after it', async () => {
  await using s = supervised()
  const workers = ['a', 'b'].map(id => s.supervisor.start(shellWorker('sleep 600', {id, restart: always})))
  await Promise.all([s.supervisor.shutdown(), s.supervisor.shutdown()])
  expect(workers.map(({info}) => info.state.kind)).toEqual(['stopped', 'stopped'])
  expect(() => s.supervisor.start(shellWorker(''))).toThrow('shut down')
  await expect(workers[0]?.restart()).rejects.toMatchObject({code: 'SUPERVISOR_STOPPED', exitCode: 8})
})

test('a foreground worker gets what comes on the input of the supervisor', async () => {
  const stdin = new PassThrough()
  await using s = supervised({stdin})
  const worker = s.supervisor.start(shellWorker('read line; echo "got $line"', {stdin: 'inherit'}))
  stdin.write('a word\n')
  await worker.done
  expect(worker.tail().map(({text}) => text)).toEqual(['got a word'])
})

test('a socket that cannot be made fails the workers that need it, in words', async () => {
  await using s = supervised({directory: '/dev/null/run'})
  const worker = s.supervisor.start(talker(['plain']))
  await expect(worker.ready()).rejects.toMatchObject({code: 'WORKER_CANNOT_START', exitCode: 8})
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'cannot-spawn'})
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
