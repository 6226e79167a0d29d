import {expect, test} from 'vitest'
import type {Interpreter} from '../../src/model/interpreter.ts'
import {maxFrameBytes} from '../../src/model/protocol.ts'
import {connectControl, openControl} from '../../src/supervisor/index.ts'
import {type Supervised, shellWorker, supervised, talker} from '../support/supervised.ts'

const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}

async function control({box, supervisor}: Supervised) {
  const place = {layout: box.context.layout, projectRoot: box.project}
  const opened = await openControl(supervisor, {...place, version: '1.2.3'})
  const client = await connectControl(place)
  if (!opened || !client) throw new Error('there is no way in')
  return {client, [Symbol.asyncDispose]: opened.close}
}

test('a worker that fills frame after frame locks no controller out', async () => {
  await using s = supervised()
  await using opened = await control(s)
  const {client} = opened
  const heard: string[] = []
  await client.subscribe(event => {
    if (event.type === 'diagnostics/publish') heard.push(`${event.uri} ${event.diagnostics.length}`)
  })
  s.supervisor.start(talker(['huge'], {cwd: s.box.project}))
  await s.line(/all said/)
  const diagnostics = await client.diagnostics()
  expect(diagnostics).toMatchObject([
    {uri: 'file:///huge', diagnostics: [{message: expect.stringMatching(/^x{8000,}…$/)}]},
    {uri: 'file:///many', diagnostics: {length: 9_999}},
    {diagnostics: [{message: 'there are more errors than the 10000 diagnostics that are listed'}]},
  ])
  const {snapshot} = await client.subscribe(() => {})
  expect(snapshot?.diagnostics).toEqual(diagnostics)
  expect(heard.slice(0, 2)).toEqual(['file:///huge 1', 'file:///many 9999'])
  expect(heard).toHaveLength(3)
})

test('near every limit at once a snapshot fits, and later events come through', async () => {
  await using s = supervised()
  await using opened = await control(s)
  const {client} = opened
  const message = '\u0000é'.repeat(600)
  const interpreter = (): Interpreter => ({
    line: (_stream, text) => [
      {method: 'task/start', params: {taskId: text, title: text}},
      {
        method: 'diagnostics/publish',
        params: {
          uri: `file:///${text}`,
          reset: true,
          diagnostics: Array.from({length: 200}, () => ({range, message})),
        },
      },
    ],
    end: () => [],
  })
  for (const id of ['a', 'b', 'c']) {
    s.supervisor.start(shellWorker('seq 60; sleep 600', {id, interpreter, cwd: s.box.project}))
    await s.event(event => event.type === 'task/start' && event.workerId === id && event.taskId === '60')
  }
  const {snapshot} = await client.subscribe(() => {})
  const size = Buffer.byteLength(JSON.stringify(snapshot))
  expect(size).toBeGreaterThan(0.7 * maxFrameBytes)
  expect(size).toBeLessThan(0.9 * maxFrameBytes)
  expect(snapshot?.tasks).toHaveLength(180)
  expect(await client.diagnostics()).toEqual(snapshot?.diagnostics)
  const last = Promise.withResolvers<void>()
  await client.subscribe(event => {
    if (event.type === 'worker/state' && event.state.kind === 'stopped') last.resolve()
  })
  await client.stop('c')
  await last.promise
})
