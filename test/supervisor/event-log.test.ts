import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Event} from '../../src/model/event.ts'
import {EventLog} from '../../src/supervisor/event-log.ts'
import {Picture} from '../../src/supervisor/picture.ts'

const failed = (error: unknown) => {
  throw error
}

const about = fc.record({workerId: fc.constantFrom('a', 'b'), label: fc.constant('x')})
const name = fc.constantFrom('1', '2', '3')
const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({about, restarts: fc.nat(3)}).map(({about, restarts}) => ({
    ...about,
    type: 'worker/state' as const,
    state: {kind: 'starting' as const, since: 1, pid: null, restarts},
  })),
  fc.record({about, pid: fc.nat()}).map(({about, pid}) => ({
    ...about,
    type: 'worker/state' as const,
    state: {kind: 'ready' as const, since: 1, pid},
  })),
  fc
    .record({about, uri: name, messages: fc.array(name, {maxLength: 2}), reset: fc.boolean()})
    .map(({about, uri, messages, reset}) => ({
      ...about,
      type: 'diagnostics/publish' as const,
      uri,
      reset,
      diagnostics: messages.map(message => ({range, message})),
    })),
  fc
    .record({about, taskId: name})
    .map(({about, taskId}) => ({...about, type: 'task/start' as const, taskId, title: 't'})),
  fc
    .record({about, taskId: name})
    .map(({about, taskId}) => ({...about, type: 'task/progress' as const, taskId})),
  fc
    .record({about, taskId: name})
    .map(({about, taskId}) => ({...about, type: 'task/finish' as const, taskId, status: 1 as const})),
  fc.record({about, url: name}).map(({about, url}) => ({
    ...about,
    type: 'server/listening' as const,
    url,
    host: 'h',
    port: 1,
    protocol: 'http' as const,
  })),
  fc.record({about, url: name}).map(({about, url}) => ({...about, type: 'server/closed' as const, url})),
)

test('a snapshot and the events after it give the same picture as all events', () => {
  fc.assert(
    fc.property(fc.array(event), fc.array(event), (before, after) => {
      const log = new EventLog('i', failed)
      for (const one of before) log.publish(one)
      const {snapshot, seq} = log.subscribe()
      if (!snapshot) throw new Error('no snapshot')
      for (const one of after) log.publish(one)
      const late = Picture.of(snapshot)
      for (let next = seq + 1; ; next++) {
        const one = log.at(next)
        if (!one) break
        late.apply(one)
      }
      expect(late.snapshot()).toEqual(log.snapshot())
    }),
  )
})

const progress = (taskId: string): Event => ({workerId: 'a', label: 'x', type: 'task/progress', taskId})

test('events are numbered from 1, and read by number', () => {
  const log = new EventLog('i', failed)
  const heard: number[] = []
  const stop = log.onEvent((_event, seq) => heard.push(seq))
  log.publish(progress('one'))
  log.publish(progress('two'))
  stop()
  log.publish(progress('three'))
  expect(heard).toEqual([1, 2])
  expect(log.at(2)).toMatchObject({taskId: 'two'})
  expect(log.at(4)).toBeUndefined()
})

test('who comes back gets what follows, or a snapshot where that is not all there', () => {
  const log = new EventLog('i', failed)
  for (let i = 0; i < 10_010; i++) log.publish(progress(String(i)))
  expect(log.subscribe({instance: 'i', seq: 10_010})).toEqual({instance: 'i', seq: 10_010})
  expect(log.subscribe({instance: 'i', seq: 10})).toEqual({instance: 'i', seq: 10})
  for (const since of [
    {instance: 'i', seq: 9},
    {instance: 'other', seq: 10_010},
    {instance: 'i', seq: 10_011},
    undefined,
  ]) {
    expect(log.subscribe(since)).toMatchObject({seq: 10_010, snapshot: {tasks: []}})
  }
  expect(() => log.at(10)).toThrow(RangeError)
})

test('a few huge events leave the ring before they fill the memory', () => {
  const log = new EventLog('i', failed)
  const message = 'x'.repeat(1024 * 1024)
  for (let i = 0; i < 100; i++) {
    log.publish({
      workerId: 'a',
      label: 'x',
      type: 'diagnostics/publish',
      uri: 'u',
      reset: true,
      diagnostics: [{range, message}],
    })
  }
  expect(log.subscribe({instance: 'i', seq: 80})).not.toHaveProperty('snapshot')
  expect(log.subscribe({instance: 'i', seq: 60})).toHaveProperty('snapshot')
})

test('a listener that fails keeps no other from the event, and is told of', () => {
  const problems: unknown[] = []
  const log = new EventLog('i', (error, {type}) => problems.push([error, type]))
  const heard: number[] = []
  const boom = new Error('boom')
  log.onEvent(() => {
    throw boom
  })
  log.onEvent((_event, seq) => heard.push(seq))
  log.publish(progress('one'))
  log.publish(progress('two'))
  expect(heard).toEqual([1, 2])
  expect(problems).toEqual([
    [boom, 'task/progress'],
    [boom, 'task/progress'],
  ])
})

test('a file may be added to again and again, and snapshots taken before stay as they were', () => {
  const log = new EventLog('i', failed)
  const add = (count: number) => {
    for (let i = 0; i < count; i++) {
      const diagnostics = [{range, message: 'm'}]
      log.publish({
        workerId: 'a',
        label: 'x',
        type: 'diagnostics/publish',
        uri: 'u',
        reset: false,
        diagnostics,
      })
    }
  }
  // Of the processor, since a busy machine lets this process wait.
  const timed = (count: number) => {
    const before = process.cpuUsage()
    add(count)
    return process.cpuUsage(before).user
  }
  add(2000)
  const before = log.snapshot()
  const first = log.at(1)
  const [few, many] = [timed(5000), timed(60_000)]
  expect(before.diagnostics).toMatchObject([{diagnostics: {length: 2000}}])
  expect(log.snapshot().diagnostics).toMatchObject([{diagnostics: {length: 67_000}}])
  expect(first).toMatchObject({diagnostics: {length: 1}})
  // Twelve times as many; quadratic it was more than a hundred times as long.
  expect(many).toBeLessThan(60 * few)
})
