import {join} from 'node:path'
import {expect, test} from 'vitest'
import {connectSocket} from '../../src/ipc/connect.ts'
import {initialize} from '../../src/ipc/handshake.ts'
import {floodBetweenProcesses, meet} from '../support/flooded.ts'
import {anything} from '../support/ipc.ts'
import {startProgram} from '../support/programs.ts'
import {sandbox} from '../support/sandbox.ts'

test('both sides flood each other with 50,000 messages of 1 KiB: none lost, none reordered', async () => {
  const {here, there} = await floodBetweenProcesses('notify', 50_000)
  expect(here).toEqual({received: 50_000, inOrder: true, answered: 0})
  expect(there).toMatchObject(here)
  // Each side waits for room; a queue without bounds would hold its own 50 MiB on top of all else.
  expect(there.maxRSS).toBeLessThan(200 * 1024 * 1024)
})

test('both sides flood each other with requests that call back: none lost, none reordered', async () => {
  const {here, there} = await floodBetweenProcesses('ask', 2_000)
  expect(here).toEqual({received: 2_000, inOrder: true, answered: 2_000})
  expect(there).toMatchObject(here)
})

test('a peer that reads nothing is dropped with bounded memory, and the others go on', async () => {
  await using box = sandbox()
  const {listening, connections} = await meet(join(box.root, 'run'), 1, connection => {
    connection.onRequest('ping', anything(), () => 'pong')
  })
  await using _server = listening
  await using _peer = startProgram('ipc-stall.ts', [listening.path])
  const [deaf] = await connections
  const friend = await connectSocket(listening.path)
  await initialize(friend, {protocolVersion: 1, token: 'flood'})
  let reason: Error | undefined
  deaf?.closed.then(why => {
    reason = why
  })
  const before = process.memoryUsage.rss()
  let [sent, peak] = [0, before]
  for (; reason === undefined && sent < 200_000; sent++) {
    deaf?.notify('n', {text: 'x'.repeat(1024)})
    if (sent % 500 > 0) continue
    expect(await friend.request('ping', {})).toBe('pong')
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  expect(reason).toMatchObject({code: 'PEER_STALLED'})
  expect(await friend.request('ping', {})).toBe('pong')
  // 64 MiB may wait for it, and a little is in the system's hands.
  expect(sent).toBeLessThan(75_000)
  expect(peak - before).toBeLessThan(300 * 1024 * 1024)
})
