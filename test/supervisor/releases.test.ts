import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {FrameParser} from '../../src/ipc/frame-parser.ts'
import {ownIdentity} from '../../src/process/identity.ts'
import {connectControl} from '../../src/supervisor/index.ts'
import {besieged} from '../support/besieged.ts'
import {frame} from '../support/ipc.ts'
import type {Message} from '../support/raw-peer.ts'
import {rawPeer} from '../support/raw-peer.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

/** A supervisor of another release: it answers what this says, and the rest with MethodNotFound. */
async function otherRelease(box: Sandbox, answers: Record<string, unknown>): Promise<AsyncDisposable> {
  const {layout} = box.context
  const run = layout.run(box.project)
  mkdirSync(run, {recursive: true})
  const socket = join(run, 'control.sock')
  const answer = (client: Socket, {id, method = ''}: Message) => {
    const result = answers[method]
    const error = {code: -32_601, message: `${method} is no method here`}
    client.write(frame({jsonrpc: '2.0', id, ...(result === undefined ? {error} : {result})}))
  }
  const server = createServer(client => {
    const parser = new FrameParser()
    client.on('error', () => {})
    client.on('data', (chunk: Buffer) => {
      parser.push(chunk)
      for (let message = parser.next(); message; message = parser.next()) answer(client, message)
    })
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  const record = {
    process: ownIdentity(),
    instance: 'i',
    token: 't',
    socket,
    version: '0.0.9',
    root: box.project,
  }
  writeFileSync(join(run, 'supervisor.json'), JSON.stringify({...record, started: 0}), {mode: 0o600})
  return {[Symbol.asyncDispose]: () => new Promise(resolve => server.close(() => resolve()))}
}

const place = (box: Sandbox) => ({layout: box.context.layout, projectRoot: box.project})

test('an older supervisor that does not know a call: the person is told what to do', async () => {
  await using box = sandbox()
  await using _other = await otherRelease(box, {
    initialize: {protocolVersion: 1, instance: 'i', version: '0.0.9', spokenSince: 1990},
    'workers/list': {workers: [], servers: [], moods: []},
  })
  using client = await connectControl(place(box))
  expect(await client?.workers()).toMatchObject({workers: [], servers: []})
  await expect(client?.logs()).rejects.toMatchObject({
    name: 'UserError',
    code: 'SUPERVISOR_OTHER_RELEASE',
    message: `the supervisor of ${box.project} (process ${process.pid}, toolversion 0.0.9) does not know workers/logs`,
    hint: 'end it, and start it again with this release: tool stop',
    exitCode: 8,
  })
  // One that nobody waits for leaves no unhandled rejection behind.
  client?.diagnostics().catch(() => {})
  void client?.workers()
})

test('a supervisor that answers with a version nobody here speaks', async () => {
  await using box = sandbox()
  await using _other = await otherRelease(box, {
    initialize: {protocolVersion: 2, instance: 'i', version: '9.0.0'},
  })
  await expect(connectControl(place(box))).rejects.toMatchObject({
    code: 'PROTOCOL_VERSION',
    message: 'the other side speaks version 2 of the protocol, this one speaks version 1',
    exitCode: 8,
  })
})

test('a newer client agrees on this version; what it says beyond that is ignored, or answered', async () => {
  await using s = await besieged()
  using newer = await rawPeer(s.socket)
  newer.send({
    id: 1,
    method: 'initialize',
    params: {protocolVersion: 7, token: s.token, clientInfo: {name: 'editor'}},
    trace: 'on',
  })
  expect(await newer.answer(1)).toMatchObject({result: {protocolVersion: 1, version: '1.2.3'}})
  newer.send({id: 2, method: 'workers/list', params: {filter: {label: 'bystander'}}})
  expect(await newer.answer(2)).toMatchObject({result: {workers: [{workerId: 'bystander'}]}})
  newer.send({method: 'future/notification', params: {any: 'thing'}})
  newer.send({id: 3, method: 'workers/migrate', params: {}})
  expect(await newer.answer(3)).toMatchObject({
    error: {code: -32_601, message: '"workers/migrate" is no method here'},
  })
  await s.isUnharmed()
})
