import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {createConnection} from 'node:net'
import {dirname, join} from 'node:path'
import {createInterface} from 'node:readline'
import {expect, test} from 'vitest'
import {connectSocket} from '../../src/ipc/connect.ts'
import {RpcCode} from '../../src/ipc/errors.ts'
import {initialize} from '../../src/ipc/handshake.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {liveRecords} from '../../src/supervisor/control-record.ts'
import {findControl} from '../../src/supervisor/controller.ts'
import {connectControl, createSupervisor, openControl} from '../../src/supervisor/index.ts'
import {fixture, policy, type Supervised, shellWorker, supervised, talker} from '../support/supervised.ts'

const version = '1.2.3'

function placeOf({box}: Supervised) {
  return {layout: box.context.layout, projectRoot: box.project}
}

/** Opens the control socket, which must be free. */
async function open(s: Supervised) {
  const control = await openControl(s.supervisor, {...placeOf(s), version})
  if (!control) throw new Error('the project has a supervisor already')
  return control
}

async function attach(s: Supervised) {
  const controller = await connectControl(placeOf(s))
  if (!controller) throw new Error('no supervisor was found')
  return controller
}

const recordOf = ({box}: Supervised) => join(box.context.layout.run(box.project), 'supervisor.json')

test('the record is private, and gone with the supervisor', async () => {
  await using s = supervised()
  expect(await connectControl(placeOf(s))).toBeUndefined()
  const control = await open(s)
  expect(statSync(recordOf(s)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(recordOf(s), 'utf8'))).toMatchObject({
    process: {pid: process.pid},
    instance: s.supervisor.instance,
    socket: control.socket,
    version,
    root: s.box.project,
  })
  await control.close()
  await control.close()
  await control.closed
  expect(existsSync(s.box.context.layout.run(s.box.project))).toBe(false)
  expect(await connectControl(placeOf(s))).toBeUndefined()
})

test('a client lists, restarts and stops workers, and every call is answered', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using client = await attach(s)
  expect(client).toMatchObject({instance: s.supervisor.instance, version, pid: process.pid})
  expect(await client.workers()).toEqual({workers: [], servers: []})
  const worker = s.supervisor.start(talker(['serve'], {readiness: {by: 'server', timeout: 20_000}}))
  await worker.ready()
  expect(await client.workers()).toMatchObject({
    workers: [{workerId: 'w', label: 'talker', state: {kind: 'ready'}, pid: worker.info.pid, restarts: 0}],
    servers: [{workerId: 'w', host: '127.0.0.1'}],
  })
  await client.restart('w')
  expect(worker.info).toMatchObject({restarts: 1, state: {kind: 'ready'}})
  expect(await client.stop('w')).toMatchObject({kind: 'stopped', exit: {code: 0}})
  for (const call of [client.stop('x'), client.restart('x')]) {
    await expect(call).rejects.toMatchObject({code: 'NO_SUCH_WORKER', hint: 'there are: w', exitCode: 2})
  }
  expect(await client.diagnostics()).toEqual([])
})

test('a restart that fails is answered with the reason', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using client = await attach(s)
  await s.supervisor.start(shellWorker('', {file: '/nonexistent/tsc'})).done
  await expect(client.restart('w')).rejects.toMatchObject({code: 'WORKER_CANNOT_START', exitCode: 8})
})

test('a restart and a stop that meet are both answered', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using client = await attach(s)
  const worker = s.supervisor.start(shellWorker('sleep 600'))
  await worker.ready()
  const [stopped] = await Promise.all([client.stop('w'), client.restart('w')])
  expect(stopped).toMatchObject({kind: 'stopped'})
  expect(worker.info.state.kind).toBe('ready')
})

test('shutdown is answered when all workers are gone; then the control closes itself', async () => {
  await using s = supervised()
  const control = await open(s)
  const worker = s.supervisor.start(shellWorker('sleep 600'))
  await worker.ready()
  using client = await attach(s)
  await client.shutdown()
  expect(worker.info.state.kind).toBe('stopped')
  await Promise.all([control.closed, client.closed])
  expect(await connectControl(placeOf(s))).toBeUndefined()
})

test('a project whose folder is removed meanwhile can still be found, and shut down', async () => {
  await using s = supervised()
  const control = await open(s)
  rmSync(s.box.project, {recursive: true})
  const [record] = liveRecords(s.box.context.layout)
  if (!record) throw new Error('there is no record')
  using client = await findControl(record)
  await client?.shutdown()
  await control.closed
  expect(readdirSync(s.box.context.layout.runs)).toEqual([])
})

test('what a crash left there is not trusted, and replaced', async () => {
  await using s = supervised()
  await using control = await open(s)
  const record = JSON.parse(readFileSync(recordOf(s), 'utf8'))
  await control.close()
  const self = processIdentity(process.pid)
  for (const changes of [
    {process: {...self, startTime: '1'}},
    {process: {...self, bootId: 'other'}},
    {token: 7},
    {socket: '/nonexistent'},
  ]) {
    mkdirSync(dirname(recordOf(s)), {recursive: true})
    writeFileSync(recordOf(s), JSON.stringify({...record, ...changes}), {mode: 0o600})
    expect(await connectControl(placeOf(s))).toBeUndefined()
  }
  writeFileSync(recordOf(s), 'not json', {mode: 0o600})
  await using again = await open(s)
  expect((await attach(s)).instance).toBe(s.supervisor.instance)
  await again.close()
})

test('a record that others could have written is not believed', async () => {
  await using s = supervised()
  await using _control = await open(s)
  chmodSync(recordOf(s), 0o622)
  expect(await connectControl(placeOf(s))).toBeUndefined()
  chmodSync(recordOf(s), 0o600)
  using client = await attach(s)
  expect(client.instance).toBe(s.supervisor.instance)
})

test('where the record cannot be written, no socket stays', async () => {
  await using s = supervised()
  const directory = s.box.context.layout.run(s.box.project)
  mkdirSync(join(recordOf(s), 'in-the-way'), {recursive: true})
  await expect(open(s)).rejects.toThrow()
  expect(readdirSync(directory)).toEqual(['supervisor.json'])
  rmSync(recordOf(s), {recursive: true})
  await using _control = await open(s)
  using client = await attach(s)
  expect(client.instance).toBe(s.supervisor.instance)
})

test('without the token nothing is answered', async () => {
  await using s = supervised()
  await using control = await open(s)
  const connection = await connectSocket(control.socket)
  await expect(initialize(connection, {protocolVersion: 1, token: 'guess'})).rejects.toMatchObject({
    code: 'CONNECTION_CLOSED',
  })
  const impatient = await connectSocket(control.socket)
  await expect(impatient.request('workers/list', {})).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
})

test('the answer to a subscription comes before any event, and a snapshot stands for the past', async () => {
  await using s = supervised()
  await using _control = await open(s)
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
  using client = await attach(s)
  const heard: number[] = []
  const subscribed = client.subscribe((_event, seq) => heard.push(seq))
  const compiled = worker.compile({taskId: 't', arguments: []})
  const {seq, snapshot, instance} = await subscribed
  expect(heard).toEqual([])
  expect([instance, snapshot?.workers.length]).toEqual([s.supervisor.instance, 1])
  await compiled
  await client.workers()
  expect(heard).toEqual(Array.from({length: s.events.length - seq}, (_, i) => seq + i + 1))
})

test('clients that join and leave while events flow miss none and get none twice', async () => {
  await using s = supervised()
  await using _control = await open(s)
  const restart = policy({restart: 'permanent', delay: 0, maxRestarts: Number.POSITIVE_INFINITY})
  for (const id of ['a', 'b']) s.supervisor.start(shellWorker('exit 0', {id, restart}))

  const follow = async (rounds: number, eventsARound: number) => {
    const heard: number[] = []
    let since: {instance: string; seq: number} | undefined
    for (let round = 0; round < rounds; round++) {
      using client = await attach(s)
      const enough = Promise.withResolvers<void>()
      const before = heard.length
      const {seq, snapshot} = await client.subscribe((_event, number) => {
        heard.push(number)
        if (heard.length - before >= eventsARound) enough.resolve()
      }, since)
      if (since) expect([snapshot, seq]).toEqual([undefined, since.seq])
      else heard.push(seq)
      await enough.promise
      since = {instance: client.instance, seq: heard.at(-1) ?? 0}
    }
    return heard
  }

  const all = await Promise.all([follow(8, 5), follow(4, 20), follow(1, 60), follow(10, 1)])
  for (const heard of all) {
    const [first = 0] = heard
    expect(heard).toEqual(heard.map((_, i) => first + i))
  }
})

test('a client that stops reading is dropped once the ring has passed it; the others go on', async () => {
  await using s = supervised()
  await using control = await open(s)
  const {token} = JSON.parse(readFileSync(recordOf(s), 'utf8'))
  const stalled = createConnection(control.socket)
  for (const [id, method, params] of [
    [1, 'initialize', {protocolVersion: 1, token}],
    [2, 'events/subscribe', {}],
  ]) {
    const content = JSON.stringify({jsonrpc: '2.0', id, method, params})
    stalled.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`)
  }
  const [chunk] = await once(stalled, 'data')
  expect(String(chunk)).toContain('"id":1')
  stalled.pause()
  const closed = once(stalled, 'close')
  using reader = await attach(s)
  let heard = 0
  await reader.subscribe(() => {
    heard++
  })
  const interpreter = () => ({
    line: (_stream: string, text: string) => [
      text === 'begin'
        ? {method: 'task/start' as const, params: {taskId: 't', title: ''}}
        : {method: 'task/progress' as const, params: {taskId: 't', message: text}},
    ],
    end: () => [],
  })
  const script = 'echo begin; yes "$(head -c 600 /dev/zero | tr "\\0" x)" | head -1000'
  for (let round = 0; round < 40; round++) {
    await s.supervisor.start(shellWorker(script, {id: `w${round}`, interpreter})).done
    // The answer comes after all events so far: this reader keeps up, however slow the machine is.
    await reader.workers()
  }
  stalled.on('error', () => {})
  stalled.resume()
  await closed
  await reader.workers()
  expect(heard).toBeGreaterThan(40_000)
})

test('of several that want a project at the same time exactly one gets it; the others find that one', async () => {
  await using s = supervised()
  const rivals = Array.from({length: 3}, () =>
    spawn(process.execPath, [fixture('child-rival.ts'), s.box.context.layout.home, s.box.project], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  const said = await Promise.all(
    rivals.map(async ({stdout}) => String((await once(createInterface(stdout), 'line'))[0]).split(' ')),
  )
  expect(said.map(([how]) => how).sort()).toEqual(['attached', 'attached', 'opened'])
  expect(new Set(said.map(([, instance]) => instance)).size).toBe(1)
  const ended = rivals.map(rival => once(rival, 'exit'))
  for (const {stdin} of rivals) stdin.end()
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual([0, 0, 0])
})

test('a second supervisor leaves the first one and its socket alone', async () => {
  await using s = supervised()
  await using _control = await open(s)
  const second = createSupervisor({directory: join(s.box.root, 'second')})
  expect(await openControl(second, {...placeOf(s), version})).toBeUndefined()
  using client = await attach(s)
  expect(client.instance).toBe(s.supervisor.instance)
})

test('the lines of workers are handed out by their numbers, page by page', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using controller = await attach(s)
  expect(await controller.logs()).toEqual({lines: [], next: 0})
  const count = shellWorker('seq 1 1500', {id: 'count'})
  await s.supervisor.start(count).done
  await s.supervisor.start(shellWorker('echo other >&2')).done

  const first = await controller.logs()
  const second = await controller.logs({offset: first.next})
  expect({first: first.next, second: second.next}).toEqual({first: 1000, second: 1501})
  const lines = [...first.lines, ...second.lines]
  expect(lines.map(({offset}) => offset)).toEqual(Array.from({length: 1501}, (_, index) => index))
  expect(lines.at(-1)).toEqual({
    workerId: 'w',
    label: 'shell',
    offset: 1500,
    at: expect.any(Number),
    stream: 'stderr',
    text: 'other',
  })
  expect(await controller.logs({id: 'w'})).toEqual({lines: lines.slice(-1), next: 1501})
  expect(await controller.logs({offset: 1501})).toEqual({lines: [], next: 1501})
  expect(await controller.logs({offset: 9999})).toEqual({lines: [], next: 1501})
  await expect(controller.logs({id: 'nobody'})).rejects.toMatchObject({code: 'NO_SUCH_WORKER'})

  await s.supervisor.start(shellWorker('seq 1 12000', {id: 'flood'})).done
  const late = await controller.logs({offset: 5})
  expect(late.lines[0]).toMatchObject({offset: 3501, workerId: 'flood', text: '2001'})
})

test('a client starts a program of its own, which has the id to itself while it runs', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using controller = await attach(s)
  const task = {
    id: 'task',
    command: '/bin/sh',
    args: ['-c', 'echo "$PWD $WORD"; exec sleep 1000'],
    env: {WORD: 'hello', PATH: process.env.PATH ?? ''},
  }
  expect(await controller.spawn(task)).toMatchObject({
    workerId: 'task',
    label: 'task',
    state: {kind: 'ready'},
    pid: expect.any(Number),
    restarts: 0,
  })
  await s.line(/hello/)
  expect((await controller.logs()).lines).toMatchObject([{workerId: 'task', text: `${s.box.project} hello`}])
  await expect(controller.spawn(task)).rejects.toMatchObject({code: 'WORKER_RUNS_ALREADY', exitCode: 2})
  expect(await controller.stop('task')).toMatchObject({kind: 'stopped'})

  // Then the id is free; what can't be started says so.
  const missing = {id: 'task', label: 'the task', command: '/nonexistent/program'}
  await expect(controller.spawn(missing)).rejects.toMatchObject({
    code: 'WORKER_CANNOT_START',
    message: expect.stringMatching(/^the task cannot be started: \/nonexistent\/program: no such file/),
  })
  for (const far of [
    {...missing, cwd: 'x'.repeat(3000)},
    {...missing, command: `${'y\n'.repeat(3000)}z`},
  ]) {
    await expect(controller.spawn({...far, id: 'far'})).rejects.toMatchObject({
      code: 'WORKER_CANNOT_START',
      message: expect.stringMatching(/^[^\n]{1,600}$/),
    })
  }
  await expect(controller.spawn({...task, id: 'two\nlines'})).rejects.toMatchObject({
    code: RpcCode.invalidParams,
  })
  expect(await controller.spawn({...task, id: 'other', restart: 'permanent', cwd: '..'})).toMatchObject({
    state: {kind: 'ready'},
  })
  await s.line(new RegExp(`^${s.box.root} hello$`))
})

test('what is asked for after a shutdown, or by an endless name, gets one clear line', async () => {
  await using s = supervised()
  await using _control = await open(s)
  using client = await attach(s)
  const {message} = await client.stop('x'.repeat(100_000)).then(
    () => ({message: ''}),
    (error: Error) => error,
  )
  expect(message).toMatch(/^there is no worker "x{100}…"$/)
  await s.supervisor.shutdown()
  await expect(client.spawn({id: 'late', command: '/bin/true'})).rejects.toMatchObject({
    code: 'SUPERVISOR_STOPPED',
    message: expect.stringMatching(/^late can't be started: [^\n]+$/),
  })
})

test('what is asked while the supervisor shuts down is answered too', async () => {
  await using s = supervised()
  const control = await open(s)
  const stubborn = shellWorker("trap '' TERM; echo up; while :; do sleep 1; done", {grace: 300})
  await s.supervisor.start(stubborn).ready()
  await s.line(/^up$/)
  using asker = await attach(s)
  using client = await attach(s)
  const over = client.shutdown()
  // Once this is answered the shutdown has begun.
  await client.workers()
  expect(await asker.workers()).toMatchObject({workers: [{workerId: 'w', state: {kind: 'stopping'}}]})
  const stopped = {code: 'SUPERVISOR_STOPPED', exitCode: 8}
  const calls = [
    expect(asker.diagnostics()).resolves.toEqual([]),
    expect(asker.logs()).resolves.toMatchObject({lines: [{text: 'up'}]}),
    expect(asker.subscribe(() => {})).resolves.toHaveProperty('snapshot'),
    expect(asker.stop('w')).resolves.toMatchObject({kind: 'stopped', exit: {signal: 'SIGKILL'}}),
    expect(asker.restart('w')).rejects.toMatchObject({code: 'WORKER_STOPPED', exitCode: 8}),
    expect(asker.spawn({id: 'new', command: '/bin/true'})).rejects.toMatchObject(stopped),
    expect(asker.stop('x')).rejects.toMatchObject({code: 'NO_SUCH_WORKER'}),
    expect(asker.shutdown()).resolves.toBeUndefined(),
  ]
  await Promise.all(calls)
  await over
  await control.closed
  await expect(asker.workers()).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
})
