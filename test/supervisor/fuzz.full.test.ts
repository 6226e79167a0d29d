import {randomBytes} from 'node:crypto'
import {createConnection} from 'node:net'
import type {Duplex} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {StreamConnection} from '../../src/ipc/connection.ts'
import {FrameParser} from '../../src/ipc/frame-parser.ts'
import {guard} from '../../src/ipc/handshake.ts'
import type {Handshake} from '../../src/ipc/types.ts'
import {
  controllerInitializeParams,
  type InitializeParams,
  initializeParams,
  Status,
} from '../../src/model/protocol.ts'
import {systemClock} from '../../src/process/clock.ts'
import {serve} from '../../src/supervisor/control.ts'
import {EventLog} from '../../src/supervisor/event-log.ts'
import {createSupervisor, type Worker} from '../../src/supervisor/index.ts'
import {Listing, Room} from '../../src/supervisor/listing.ts'
import {Messages} from '../../src/supervisor/messages.ts'
import {receive} from '../../src/supervisor/receive.ts'
import {besieged} from '../support/besieged.ts'
import {asked, type FuzzStream, fuzzStreams} from '../support/fuzz-streams.ts'
import {frame, linkedPair} from '../support/ipc.ts'
import type {Message} from '../support/raw-peer.ts'
import {sandbox} from '../support/sandbox.ts'
import {policy, type Supervised, shellWorker, talker} from '../support/supervised.ts'

const token = randomBytes(8).toString('hex')
const workerId = 'w'
/** Peers that are there side by side, with one supervisor; each sends three inputs on average. */
const batch = 100
const batches = 700
/** Ms after which an input hangs that is neither answered nor closed. */
const patience = 20_000

test('200,000 inputs in memory: each is answered or ends its connection, and nothing is left of it', async () => {
  await using box = sandbox()
  const failures: unknown[] = []
  const note = (reason: unknown) => failures.push(reason)
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  const heap: number[] = []
  const before = handles()
  let [runs, inputs] = [0, 0]
  const both = fc.oneof(
    fc.record({from: fc.constant('controller' as const), stream: fuzzStreams('controller')}),
    fc.record({from: fc.constant('worker' as const), stream: fuzzStreams('worker')}),
  )
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(both, {minLength: batch, maxLength: batch}), async peers => {
        failures.length = 0
        const house = household(box.project)
        await Promise.all(
          peers.map(({from, stream}) => {
            const [near, far] = linkedPair()
            return feed(near, house[from](far).closed, {token, workerId}, stream)
          }),
        )
        await house.close()
        expect(failures).toEqual([])
        runs += 1
        for (const {stream} of peers) inputs += stream.pieces.length
        if (runs % Math.floor(batches / 8) === 0) heap.push(usedHeap())
      }),
      {numRuns: batches, endOnFailure: true},
    )
  } finally {
    process.off('uncaughtException', note)
    process.off('unhandledRejection', note)
  }
  await new Promise(setImmediate)
  expect(inputs).toBeGreaterThan(200_000)
  // What it takes at the end it took after a quarter.
  expect((heap.at(-1) ?? 0) - (heap[1] ?? 0)).toBeLessThan(8e6)
  expect(handles()).toEqual(before)
})

test('thousands over the sockets of a supervisor that works', {timeout: 60_000}, async () => {
  await using s = await besieged()
  // The worker of the page's examples, so that those concern it. It lets the test speak in its name.
  const id = 'sitec-serve'
  const readiness = {by: 'protocol', timeout: 300} as const
  const restart = policy({restart: 'permanent', delay: 0, maxRestarts: Number.POSITIVE_INFINITY})
  const script = 'echo "at $TOOL_IPC $TOOL_WORKER_TOKEN"; exec sleep 600'
  const {ipc} = talker([])
  const worker = s.supervisor.start(
    shellWorker(script, {id, ...(ipc && {ipc}), readiness, restart, grace: 0}),
  )
  const door = doorOf(worker, s)
  const controllers = fc.array(fuzzStreams('controller'), {minLength: 10, maxLength: 10})
  await fc.assert(
    fc.asyncProperty(fuzzStreams('worker'), controllers, async (said, asking) => {
      const {path, token} = await door()
      await Promise.all([
        overSocket(path, {token, workerId: id}, said),
        ...asking.map(stream => overSocket(s.socket, {token: s.token}, withoutShutdown(stream))),
      ])
      await s.friend.workers()
    }),
    {numRuns: 100, endOnFailure: true},
  )
  await s.isUnharmed()
  await s.friend.shutdown()
})

function withoutShutdown(stream: FuzzStream): FuzzStream {
  return {...stream, pieces: stream.pieces.filter(({bytes}) => !bytes.includes('supervisor/shutdown'))}
}

/** Waits for the next process of the worker, whatever became of the one before, and for the way in that it prints. */
function doorOf(worker: Worker, {supervisor}: Supervised) {
  let found: RegExpExecArray | null = null
  supervisor.onLine(({text}) => {
    found = /^at (\S+) (\S+)$/.exec(text) ?? found
  })
  return async () => {
    while (!found) {
      if (['stopped', 'failed'].includes(worker.info.state.kind)) worker.restart().catch(() => {})
      await delay(2)
    }
    const [, path = '', token = ''] = found
    found = null
    return {path, token}
  }
}

async function overSocket(path: string, who: object, stream: FuzzStream): Promise<void> {
  const socket = createConnection(path)
  const closed = new Promise<void>(resolve => socket.on('close', () => resolve()))
  await feed(socket, closed, who, stream)
}

/** All of a supervisor that is behind its two doors, without the sockets. */
function household(root: string) {
  const supervisor = createSupervisor({directory: root})
  const {events} = supervisor
  if (!(events instanceof EventLog)) throw new Error('the events of a supervisor are no log')
  const who = {workerId, label: workerId}
  const listing = new Listing(who, 'file:///', new Room())
  const controller = (stream: Duplex) => {
    const connection = new StreamConnection(stream, {})
    const handshake = {
      schema: controllerInitializeParams,
      tokenFor: () => token,
      welcome: () => {
        serve(connection, {supervisor, root, onShutdown: () => connection.close()})
        return {instance: supervisor.instance, version: '1.0.0'}
      },
    }
    guard(connection, handshake, () => {})
    return connection
  }
  const worker = (stream: Duplex) => {
    const connection = new StreamConnection(stream, {})
    const messages = new Messages(shellWorker(''), {
      clock: systemClock,
      publish(event) {
        if (event.type !== 'diagnostics/publish') return events.publish({...who, ...event})
        for (const one of listing.take(event)) events.publish({...who, type: event.type, ...one})
      },
      print: ({text}) => supervisor.note({id: workerId, label: workerId}, 'info', text),
      onOpened() {},
      onFinished() {},
      onSilent() {},
    })
    const handshake: Handshake<InitializeParams> = {
      schema: initializeParams,
      tokenFor: params => (params.workerId === workerId ? token : undefined),
      welcome: () => {
        receive(connection, {
          onMessage: message => messages.take(message),
          onProblem: text => supervisor.note({id: workerId, label: workerId}, 'warning', text),
        })
        connection.request('compile', {taskId: 't', arguments: []}).catch(() => {})
        return {root, mode: 'build', arguments: [], server: {host: '127.0.0.1', port: 0}}
      },
    }
    guard(connection, handshake, () => {})
    connection.closed.then(() => messages.end(undefined, Status.cancelled))
    return connection
  }
  return {controller, worker, close: () => supervisor.shutdown({grace: 0})}
}

/** Plays the stream as a peer, and waits for what it asks for, then for the end of the connection. */
async function feed(near: Duplex, closed: Promise<unknown>, who: object, stream: FuzzStream): Promise<void> {
  const open = asked(stream)
  const answered = Promise.withResolvers<void>()
  answered.promise.catch(() => {})
  const parser = new FrameParser()
  near.on('error', () => {})
  // As sockets do.
  near.on('end', () => near.end())
  near.on('data', (chunk: Buffer) => {
    parser.push(chunk)
    try {
      for (let message = parser.next(); message; message = parser.next()) {
        check(message)
        open.delete(String((message as Message).id))
      }
      if (open.size === 0) answered.resolve()
    } catch (error) {
      answered.reject(error)
    }
  })
  const hello = {protocolVersion: 1, name: 'fuzz', version: '1', capabilities: {}, ...who}
  if (stream.greets) near.write(frame({jsonrpc: '2.0', id: 'hello', method: 'initialize', params: hello}))
  const bytes = Buffer.concat(stream.pieces.map(piece => piece.bytes))
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const {portions} = stream
    const size = i < 20 ? (portions[i % portions.length] ?? 1) : bytes.length
    if (near.writable) near.write(bytes.subarray(at, at + size))
    at += size
    if (i % 3 === 2) await new Promise(setImmediate)
  }
  if (open.size === 0) answered.resolve()
  await within(Promise.race([answered.promise, closed]), () => `${[...open]} is not answered`)
  near.end()
  await within(closed, () => 'the connection does not end')
  near.destroy()
}

/** Whatever is answered is a message, and of what went wrong one line is told. */
function check(message: Message): void {
  expect(message).toHaveProperty('jsonrpc', '2.0')
  if (message.error === undefined) return
  const {code, message: text} = message.error
  // Internal errors are bugs.
  expect([code, text]).not.toEqual([-32_603, text])
  expect(text).toMatch(/^[^\n]{1,500}$/)
}

async function within<T>(promise: Promise<T>, late: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late())), patience)
  })
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer))
}

/** What keeps this process busy, but for what the test's own runner waits for. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter(kind => kind !== 'Timeout' && kind !== 'Immediate')
    .sort()
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
