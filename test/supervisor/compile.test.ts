import {expect, test} from 'vitest'
import {connectControl, openControl} from '../../src/supervisor/index.ts'
import {fixtureProgram} from '../support/compilers.ts'
import {manualClock} from '../support/manual-clock.ts'
import {policy, shellWorker, supervised} from '../support/supervised.ts'

function compiler(root: string) {
  const {file, args} = fixtureProgram('driver-protocol.ts')
  return {
    ...shellWorker('', {id: 'build:a@1'}),
    file,
    args,
    ipc: {root, mode: 'build' as const, arguments: [], server: {host: '127.0.0.1', port: 0}},
    readiness: {by: 'protocol' as const, timeout: 30_000},
  }
}

async function controlled(options: Parameters<typeof supervised>[0] = {}) {
  const s = supervised(options)
  const {layout} = s.box.context
  const control = await openControl(s.supervisor, {layout, projectRoot: s.box.project, version: '0.0.0'})
  if (!control) throw new Error('another one has it')
  const client = async () => {
    const controller = await connectControl({layout, projectRoot: s.box.project})
    if (!controller) throw new Error('nobody is there')
    return controller
  }
  return {
    ...s,
    client,
    async [Symbol.asyncDispose]() {
      await control.close()
      await s[Symbol.asyncDispose]()
    },
  }
}

test('a client has a worker compile, and is told all that is wrong then', async () => {
  await using s = await controlled()
  s.supervisor.start(compiler(s.box.project))
  using client = await s.client()
  const compile = (taskId: string, ...words: string[]) =>
    client.compile({id: 'build:a@1', taskId, arguments: words})
  expect(await compile('one', 'error=wrong')).toMatchObject({
    status: 2,
    diagnostics: [{taskId: 'one', diagnostics: [{message: 'wrong'}]}],
  })
  expect(await compile('two')).toEqual({status: 1, diagnostics: []})
  expect(s.events.filter(({type}) => type.startsWith('task/')).map(({type}) => type)).toEqual([
    'task/start',
    'task/finish',
    'task/start',
    'task/finish',
  ])
})

test('what can’t be asked is told so', async () => {
  await using s = await controlled()
  s.supervisor.start(shellWorker('exec sleep 1000', {id: 'deaf'}))
  const worker = s.supervisor.start(compiler(s.box.project))
  await worker.ready()
  using client = await s.client()
  const ask = (id: string, more: object = {}) => client.compile({id, taskId: 't', arguments: [], ...more})
  await expect(ask('nobody')).rejects.toMatchObject({code: 'NO_SUCH_WORKER'})
  await expect(ask('deaf')).rejects.toMatchObject({code: 'WORKER_CANNOT_COMPILE', exitCode: 2})
  await expect(ask(worker.id, {pid: 1})).rejects.toMatchObject({code: 'WORKER_REPLACED'})
})

test('one that runs on demand and rests is started for it; if that has no use, it is told', async () => {
  await using s = await controlled()
  const restart = policy({restart: 'on-demand'})
  const worker = s.supervisor.start({...compiler(s.box.project), restart})
  const crash = worker.compile({taskId: 'one', arguments: ['crash']})
  await expect(crash).rejects.toMatchObject({code: 'WORKER_EXITED'})
  await s.reaches('idle', worker.id)
  expect(await worker.compile({taskId: 'two', arguments: []})).toEqual({status: 1})

  const ipc = compiler(s.box.project).ipc
  const short = s.supervisor.start(shellWorker('exit 3', {id: 'short', restart, ipc}))
  await s.reaches('idle', 'short')
  await expect(short.compile({taskId: 'three', arguments: []})).rejects.toMatchObject({
    message: expect.stringContaining('exit code 3'),
  })
})

test('who hangs up takes back its own compile, and no other', async () => {
  await using s = await controlled()
  s.supervisor.start(compiler(s.box.project))
  const [first, second] = [await s.client(), await s.client()]
  const begun = s.event(event => event.type === 'task/start' && event.taskId === 'hanging')
  const hanging = first.compile({id: 'build:a@1', taskId: 'hanging', arguments: ['hang']})
  await begun
  const waiting = second.compile({id: 'build:a@1', taskId: 'waiting', arguments: ['warning=odd']})
  first.close()
  await expect(hanging).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
  expect(await waiting).toMatchObject({status: 1, diagnostics: [{diagnostics: [{message: 'odd'}]}]})
  second.close()
})

test('one that nobody has compile for long ends', async () => {
  const clock = manualClock()
  await using s = await controlled({clock})
  const worker = s.supervisor.start({...compiler(s.box.project), idleTimeout: 60_000})
  await worker.ready()
  clock.advance(59_000)
  expect(await worker.compile({taskId: 't', arguments: []})).toEqual({status: 1})
  clock.advance(59_000)
  expect(worker.info.state.kind).toBe('ready')
  clock.advance(2_000)
  expect(await worker.done).toMatchObject({kind: 'stopped'})
})
