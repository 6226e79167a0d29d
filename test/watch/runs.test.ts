import {expect, test} from 'vitest'
import type {Event, EventBody} from '../../src/model/event.ts'
import {type WatchRun, watchRuns} from '../../src/watch/runs.ts'
import {manualClock} from '../support/manual-clock.ts'

function reading() {
  const clock = manualClock()
  const runs: WatchRun[] = []
  const take = watchRuns(run => runs.push(run), clock)
  const tell = (...bodies: EventBody[]) => {
    for (const body of bodies) take({workerId: 'watch:elm@0.19.1', label: 'elm', ...body} as Event)
  }
  const latencies = () => runs.map(({latencyMs}) => latencyMs)
  return {clock, runs, take, tell, latencies}
}

const start = (taskId: string): EventBody => ({type: 'task/start', taskId, title: 'elm'})
const finish = (taskId: string): EventBody => ({type: 'task/finish', taskId, status: 1})
const changed = (at: number): EventBody => ({type: 'files/changed', at, count: 1})

test('a run takes from the newest change before its beginning to its end', () => {
  const {clock, tell, runs, latencies} = reading()
  tell(start('1'))
  clock.advance(100)
  tell(finish('1'))
  const at = clock.now()
  clock.advance(50)
  tell(changed(at), changed(at + 30), start('2'))
  clock.advance(200)
  // The reason of the next.
  tell(changed(at + 150), finish('2'))
  expect(latencies()).toEqual([null, 220])
  expect(runs[1]).toMatchObject({toolchain: 'elm', version: '0.19.1', status: 'ok', durationMs: 200})
  tell(start('3'))
  clock.advance(10)
  tell(finish('3'))
  expect(latencies()).toEqual([null, 220, 110])
})

test('what a compiler writes when it begins counts only where nothing else has changed', () => {
  const {clock, tell, latencies} = reading()
  tell(start('1'), finish('1'))
  clock.advance(100)
  const saved = clock.now()
  clock.advance(200)
  tell(changed(saved), changed(clock.now() - 3), start('2'))
  clock.advance(10)
  tell(finish('2'))
  expect(latencies()).toEqual([null, 210])
  clock.advance(300)
  tell(changed(clock.now() - 3), start('3'))
  clock.advance(10)
  tell(finish('3'))
  expect(latencies()).toEqual([null, 210, 13])
})

test('a quick compiler is waited with for the news of the change', () => {
  const {clock, tell, latencies} = reading()
  tell(start('1'), finish('1'))
  const at = clock.now()
  clock.advance(30)
  tell(start('2'))
  clock.advance(5)
  tell(finish('2'))
  clock.advance(100)
  expect(latencies()).toEqual([null])
  tell(changed(at))
  expect(latencies()).toEqual([null, 35])
})

test('what is heard of after the run that has seen it is no reason for the next', () => {
  const {clock, tell, latencies} = reading()
  tell(start('1'), finish('1'))
  const at = clock.now()
  clock.advance(30)
  tell(changed(at), start('2'))
  clock.advance(50)
  tell(changed(at + 5), finish('2'), changed(at + 9))
  clock.advance(5000)
  const gone = clock.now()
  clock.advance(20)
  tell(start('3'), changed(gone))
  clock.advance(40)
  tell(finish('3'))
  clock.advance(5000)
  tell(start('4'), finish('4'))
  clock.advance(150)
  expect(latencies()).toEqual([null, 75, 60, null])
})

test('a run after somebody started the compiler again is no answer to a change', () => {
  const {clock, tell, latencies} = reading()
  tell(start('1'), finish('1'))
  clock.advance(1000)
  tell(changed(clock.now()))
  clock.advance(4000)
  tell({type: 'worker/state', state: {kind: 'stopping', pid: 1, deadline: 0}}, start('2'))
  clock.advance(500)
  tell(finish('2'))
  expect(latencies()).toEqual([null, null])
})

test('where no news comes there is none, soon, at the next run, or at the end of its process', () => {
  const {clock, tell, latencies} = reading()
  tell(start('1'), finish('1'), start('2'), finish('2'))
  clock.advance(149)
  expect(latencies()).toEqual([null])
  clock.advance(1)
  expect(latencies()).toEqual([null, null])
  tell(start('3'), finish('3'), start('4'), finish('4'))
  expect(latencies()).toHaveLength(3)
  const exit = {at: 0, code: 1, signal: null}
  tell({type: 'worker/state', state: {kind: 'backoff', until: 0, attempt: 1, exit}})
  expect(latencies()).toHaveLength(4)
  // The first of the next process.
  tell(start('5'), finish('5'))
  expect(latencies()).toHaveLength(5)
})

test('what is done within a run, and by what doesn’t watch, is none', () => {
  const {runs, take, tell} = reading()
  tell(start('1'), start('part'), finish('part'), finish('unknown'))
  take({workerId: 'serve:elm@0.19.1', label: 'elm', ...start('x')} as Event)
  take({workerId: 'serve:elm@0.19.1', label: 'elm', ...finish('x')} as Event)
  expect(runs).toEqual([])
  tell(finish('1'))
  expect(runs).toHaveLength(1)
})

test('of a compiler that was started after the session was joined the first run is told at once', () => {
  const clock = manualClock()
  const runs: WatchRun[] = []
  const ready = {kind: 'ready', since: 0, pid: 1} as const
  const known = {workerId: 'watch:tsc@1', label: 'tsc', state: ready, pid: 1, restarts: 0}
  const take = watchRuns(run => runs.push(run), clock, {
    workers: [known],
    servers: [],
    tasks: [],
    diagnostics: [],
  })
  for (const workerId of ['watch:tsc@1', 'watch:elm@1'])
    for (const body of [start('1'), finish('1')]) take({workerId, label: '', ...body} as Event)
  expect(runs.map(({toolchain}) => toolchain)).toEqual(['elm'])
  clock.advance(150)
  expect(runs.map(({toolchain}) => toolchain)).toEqual(['elm', 'tsc'])
})
