import {expect, test} from 'vitest'
import type {Interpreter} from '../../src/model/interpreter.ts'
import {policy, shellWorker, supervised, talker} from '../support/supervised.ts'

const onDemand = policy({restart: 'on-demand'})

/** Each line of output is a diagnostic of the file that it names. */
const naming = (): Interpreter => ({
  begin: () => [{method: 'task/start', params: {taskId: 't', title: 'a run'}}],
  line: (_stream, text) => [
    {method: 'diagnostics/publish', params: {uri: `file:///${text}`, diagnostics: [], reset: true}},
  ],
  end: () => [{method: 'task/finish', params: {taskId: 't', status: 1}}],
})

test('a worker on demand waits idle after its end, whatever that was, and runs again when it is asked to', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('exit 3', {restart: onDemand}))
  expect(await s.reaches('idle')).toMatchObject({exit: {code: 3}})
  await worker.ready()
  await worker.restart()
  await s.event(event => event.type === 'worker/state' && event.state.kind === 'idle')
  await s.reaches('idle')
  expect(s.states()).toEqual([
    'starting',
    'starting',
    'ready',
    'idle',
    'starting',
    'starting',
    'ready',
    'idle',
  ])
  expect(worker.info.restarts).toBe(0)
  expect(await worker.stop()).toMatchObject({kind: 'stopped', exit: {code: 3}})
  await worker.restart()
  await s.reaches('idle')
})

test('a restart of an idle worker resolves when it runs again', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('sleep 0.1', {restart: onDemand}))
  await s.reaches('idle')
  await worker.restart()
  expect(worker.info.state.kind).toBe('ready')
})

test('what it said of files stands until it says something else', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(shellWorker('echo a', {restart: onDemand, interpreter: () => naming()}))
  await s.reaches('idle')
  await worker.restart()
  await s.reaches('idle')
  const published = s.events.filter(({type}) => type === 'diagnostics/publish')
  expect(published).toHaveLength(2)
})

test('a worker that is ready by its first task is so when that is finished, and never after its end', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    ...naming(),
    line: (_stream, text) =>
      text === 'done' ? [{method: 'task/finish', params: {taskId: 't', status: 2}}] : [],
  })
  const readiness = {by: 'task'} as const
  const worker = s.supervisor.start(
    shellWorker('echo busy; echo done; read x', {readiness, interpreter, stdin: 'open'}),
  )
  await worker.ready()
  const types = s.events.map(event => (event.type === 'worker/state' ? event.state.kind : event.type))
  expect(types).toEqual(['starting', 'starting', 'task/start', 'task/finish', 'ready'])

  await using other = supervised()
  const crashed = other.supervisor.start(shellWorker('exit 1', {readiness, interpreter}))
  await crashed.done
  expect(other.states()).toEqual(['starting', 'starting', 'stopped'])
})

test('changed files are an event, and told to a worker of the protocol', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['echo']))
  await worker.ready()
  worker.filesChanged([], 1)
  worker.filesChanged([{uri: 'file:///a', type: 2}], 17)
  await s.line(/^changed \[\{"uri":"file:\/\/\/a","type":2\}\]$/)
  expect(await s.event(({type}) => type === 'files/changed')).toMatchObject({workerId: 'w', at: 17, count: 1})
  expect(s.events.filter(({type}) => type === 'files/changed')).toHaveLength(1)
})
