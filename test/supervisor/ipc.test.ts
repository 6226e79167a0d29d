import {expect, test} from 'vitest'
import {manualClock} from '../support/manual-clock.ts'
import {policy, supervised, talker} from '../support/supervised.ts'

test('initialize is answered with what the worker is to do, and makes it ready', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
  expect(s.states()).toEqual(['starting', 'starting', 'connected', 'ready'])
  const [, result = ''] = await s.line(/^admitted (.*)/)
  expect(JSON.parse(result)).toEqual({
    protocolVersion: 1,
    root: '/project',
    mode: 'serve',
    arguments: ['--fast'],
    server: {host: '127.0.0.1', port: 0},
  })
})

test('stop asks first: shutdown, exit, and no signal', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
  expect(await worker.stop()).toMatchObject({kind: 'stopped', exit: {code: 0, signal: null}})
  expect(worker.tail().map(({text}) => text)).toEqual(expect.arrayContaining(['shutting down', 'exiting']))
})

test('who does not answer the request gets SIGTERM halfway through the grace', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(talker(['deaf'], {grace: 5000}))
  await worker.ready()
  const stopped = worker.stop()
  clock.advance(2500)
  expect(await stopped).toMatchObject({kind: 'stopped', exit: {signal: 'SIGTERM'}})
})

test('all that a worker said before it ended is heard, and its open task is finished', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['report', '2000', '0']))
  expect(await worker.done).toMatchObject({kind: 'exited', exit: {code: 0}})
  const published = s.events.filter(({type}) => type === 'diagnostics/publish')
  expect(published.map(event => 'uri' in event && event.uri)).toEqual(
    Array.from({length: 2000}, (_, i) => `file:///${i}`),
  )
  expect(published[0]).not.toHaveProperty('unknown')
  expect(s.events.filter(({type}) => type.startsWith('task/'))).toMatchObject([
    {type: 'task/start'},
    {type: 'task/finish', status: 2},
  ])
  expect(s.events.at(-1)).toMatchObject({type: 'worker/state', state: {kind: 'stopped'}})
})

test('a message that does not fit is told of, and ends nothing', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['misfit']))
  await s.line(/it sent a diagnostics\/publish that is none: uri/)
  await s.line(/still here/)
  const refused = s.lines.filter(({text}) =>
    /a diagnostics\/publish that is none: uri: is no absolute URI/.test(text),
  )
  expect(refused).toHaveLength(3)
  expect(s.events.filter(({type}) => type === 'diagnostics/publish')).toEqual([])
  await worker.ready()
})

test.each(['garbage', 'garbage-first', 'twice'])(
  '%s on the socket fails that worker, clearly, and no other',
  async manner => {
    await using s = supervised()
    const bystander = s.supervisor.start(talker(['plain'], {id: 'bystander'}))
    await bystander.ready()
    const worker = s.supervisor.start(talker([manner], {restart: policy({restart: 'temporary'}), grace: 200}))
    const outcome = await worker.done
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'protocol-error',
      exit: {
        failure: {
          code: 'WORKER_PROTOCOL_ERROR',
          message: expect.stringMatching(/^talker does not speak the protocol: ./),
        },
      },
    })
    expect(bystander.info.state.kind).toBe('ready')
  },
)

test('garbage before the handshake is told to who waits, where it is not clear who sent it', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const workers = [
    s.supervisor.start(talker(['silent'], {id: 'a'})),
    s.supervisor.start(talker(['garbage-first'], {id: 'b'})),
  ]
  await s.line(/turned away from the socket/)
  expect(workers.map(({info}) => info.state.kind)).toEqual(['starting', 'starting'])
  clock.advance(20_000)
  await expect(workers[1]?.ready()).rejects.toMatchObject({
    code: 'WORKER_NOT_READY',
    message: expect.stringContaining('turned away'),
    hint: 'give it more time, or another sign of being ready',
  })
})

test.each(['wrong-token', 'no-initialize'])('%s opens nothing, and fails it at once', async manner => {
  // Time stands still, so that it can't be the timeout that ends it.
  await using s = supervised({clock: manualClock()})
  const worker = s.supervisor.start(talker([manner], {restart: policy({restart: 'temporary'})}))
  await expect(worker.ready()).rejects.toMatchObject({
    code: 'WORKER_PROTOCOL_ERROR',
    message: expect.stringMatching(
      /^talker does not speak the protocol: .*no initialize with the right token/,
    ),
    hint: 'see all that it printed',
    exitCode: 8,
  })
  expect(s.lines.some(({text}) => text.startsWith('admitted'))).toBe(false)
})

test('a worker that never says anything is not ready in time, and is ended', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(talker(['silent'], {restart: policy({restart: 'permanent'})}))
  await s.event(
    event => event.type === 'worker/state' && event.state.kind === 'starting' && event.state.pid !== null,
  )
  clock.advance(19_999)
  expect(worker.info.state.kind).toBe('starting')
  clock.advance(1)
  expect(await worker.done).toMatchObject({kind: 'failed', reason: 'not-ready', exit: {signal: 'SIGTERM'}})
  expect(s.states()).toEqual(['starting', 'starting', 'stopping', 'failed'])
})

test('who hangs up and goes on running has the grace to end', async () => {
  const clock = manualClock()
  await using s = supervised({clock})
  const worker = s.supervisor.start(talker(['hang-up'], {grace: 3000}))
  await s.line(/^closed$/)
  await clock.awaited(3000)
  clock.advance(3000)
  expect(await worker.done).toMatchObject({
    reason: 'protocol-error',
    exit: {failure: {message: 'talker closed its connection, but did not end'}},
  })
})

test('compile is answered, and its task is an event', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  expect(await worker.compile({taskId: 't', arguments: []})).toEqual({status: 1})
  expect(s.events.filter(({type}) => type.startsWith('task/'))).toMatchObject([
    {type: 'task/start', taskId: 't'},
    {type: 'task/finish', taskId: 't', status: 1},
  ])
})

test('compile is cancelled by its signal, and finishes even if the worker does not say so', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  const controller = new AbortController()
  const compiled = worker.compile({taskId: 't', arguments: ['wait']}, controller.signal)
  await s.event(({type}) => type === 'task/start')
  controller.abort()
  expect(await compiled).toEqual({status: 3})
  expect(s.events.at(-1)).toMatchObject({type: 'task/finish', taskId: 't', status: 3})
})

test('a worker that dies while it compiles: the task is finished, the caller told', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  await expect(worker.compile({taskId: 't', arguments: ['die']})).rejects.toMatchObject({
    code: 'WORKER_EXITED',
    message: expect.stringMatching(/^talker ended \(exit code 9\); the last it said: ./),
    exitCode: 8,
  })
  expect(s.events.filter(({type}) => type === 'task/finish')).toMatchObject([{taskId: 't', status: 2}])
})

test('a worker that hung up cannot be asked any more', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['hang-up'], {grace: 100}))
  await s.line(/^closed$/)
  await expect(worker.compile({taskId: 't', arguments: []})).rejects.toMatchObject({
    code: 'WORKER_PROTOCOL_ERROR',
    exitCode: 8,
  })
})

test('a compiler that answers with nonsense is told of, and its task is finished', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  await expect(worker.compile({taskId: 't', arguments: ['nonsense']})).rejects.toMatchObject({
    code: 'WORKER_PROTOCOL_ERROR',
    message: expect.stringContaining('compile'),
  })
  expect(s.events.at(-1)).toMatchObject({type: 'task/finish', taskId: 't', status: 2})
})

test('a restarted process gets another token, and is known by the same id', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain'], {restart: policy({restart: 'permanent', delay: 1})}))
  await worker.ready()
  const {pid} = worker.info
  process.kill(pid ?? 0, 'SIGKILL')
  await s.reaches('backoff')
  await worker.ready()
  expect(worker.info).toMatchObject({workerId: 'w', restarts: 1, state: {kind: 'ready'}})
})
