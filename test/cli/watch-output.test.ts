import {expect, test} from 'vitest'
import {watchOutput} from '../../src/cli/watch-output.ts'
import type {Event, EventBody, Exit} from '../../src/model/event.ts'

const who = {workerId: 'watch:elm@0.19.1', label: 'elm'}
const place = {start: {line: 2, character: 4}, end: {line: 2, character: 5}}

function output(more: Partial<Parameters<typeof watchOutput>[0]> = {}) {
  const [out, err]: [string[], string[]] = [[], []]
  const listener = watchOutput({
    cwd: '/app',
    color: false,
    errorColor: false,
    json: false,
    quiet: false,
    verbose: false,
    write: text => out.push(text),
    writeError: text => err.push(text),
    ...more,
  })
  const tell = (...bodies: EventBody[]) => {
    for (const body of bodies) listener.onEvent?.({...who, ...body} as Event)
  }
  const say = (text: string, stream: 'stdout' | 'log' = 'stdout') => listener.onLine?.({...who, stream, text})
  return {out, err, listener, tell, say}
}

const start = (taskId = 'run-1'): EventBody => ({type: 'task/start', taskId, title: 'elm 0.19.1'})
const finish = (status: 1 | 2 | 3, taskId = 'run-1'): EventBody => ({type: 'task/finish', taskId, status})
const found = (...messages: string[]): EventBody => ({
  type: 'diagnostics/publish',
  uri: 'file:///app/src/Main.elm',
  reset: true,
  diagnostics: messages.map(message => ({range: place, severity: 1, message})),
})
const idle = (exit: Partial<Exit>): EventBody => ({
  type: 'worker/state',
  state: {kind: 'idle', since: 0, exit: {at: 0, code: 0, signal: null, ...exit}},
})

const timing = /\(\d+ ms after the save\)|\(in \d+ ms\)/

test('what is new is printed after the run, once; the line says what stands and what is resolved', () => {
  const {out, err, tell} = output()
  tell(start(), found('one', 'two'))
  expect(out).toEqual([])
  tell(finish(2), idle({code: 1}))
  expect(out).toEqual([
    expect.stringMatching(/^src\/Main\.elm:3:5 error elm\n {2}one\n/),
    expect.stringMatching(/two/),
  ])
  tell({type: 'files/changed', at: Date.now(), count: 1}, start('run-2'), found('two'), finish(2, 'run-2'))
  expect(out).toHaveLength(2)
  tell(
    {type: 'files/changed', at: Date.now(), count: 1},
    start('run-3'),
    found(),
    finish(1, 'run-3'),
    idle({code: 0}),
  )
  expect(err.map(line => line.replace(timing, '(…)'))).toEqual([
    '✖ elm: 2 errors in 1 file (…)\n',
    '✖ elm: 1 error in 1 file, 1 resolved (…)\n',
    '✔ elm: no errors, 1 resolved (…)\n',
  ])
  expect(err.map(line => line.includes('after the save'))).toEqual([false, true, true])
})

test('a run that failed without a word is told with the last lines of it', () => {
  const {err, tell, say} = output()
  tell(start())
  say('of an earlier run')
  tell(finish(1), {type: 'files/changed', at: Date.now(), count: 1}, start('run-2'))
  say('elm: out of memory')
  tell(finish(2, 'run-2'), idle({code: 3}))
  expect(err.slice(1)).toEqual([
    expect.stringMatching(/^✖ elm: failed \(\d+ ms after the save\)\n$/),
    'elm │ elm: out of memory\n' +
      'warning: elm failed (exit code 3) without reporting an error; it runs again after the next change\n',
  ])
})

test('a program that can’t be started any more, and one that is started again, are told', () => {
  const {err, tell} = output()
  const failure = {code: 'WORKER_CANNOT_START', message: 'elm cannot be started: /elm: no such file'} as const
  tell(idle({code: null, failure}))
  tell({
    type: 'worker/state',
    state: {kind: 'backoff', until: 0, attempt: 1, exit: {at: 0, code: null, signal: 'SIGSEGV'}},
  })
  expect(err).toEqual([
    'warning: elm failed (elm cannot be started: /elm: no such file); it runs again after the next change\n',
    'warning: elm ended (SIGSEGV) and is started again\n',
  ])
})

test('a run that was broken off has no line; --quiet has none at all, --verbose every one', () => {
  const broken = output()
  broken.tell(start(), finish(3))
  expect(broken.err).toEqual([])
  const quiet = output({quiet: true})
  quiet.tell(start(), found('one'), finish(2))
  expect(quiet.err).toEqual([])
  expect(quiet.out).toHaveLength(1)
  const verbose = output({verbose: true})
  verbose.say('hello')
  const plain = output()
  plain.say('hello')
  plain.say('told', 'log')
  expect([verbose.err, plain.err]).toEqual([['elm │ hello\n'], ['elm │ told\n']])
})

test('what stands in a session that is joined is printed at once, and not again', () => {
  const {out, err, listener, tell} = output()
  const {type: _, ...published} = found('one') as EventBody & {type: 'diagnostics/publish'}
  const state = {kind: 'ready', since: 0, pid: 1} as const
  const info = {...who, state, pid: 1, restarts: 0}
  listener.onJoin?.({
    workers: [info, {...info, workerId: 'serve:sitec@2.0.0', label: 'sitec'}],
    servers: [],
    tasks: [],
    diagnostics: [{...who, ...published}],
  })
  expect(out).toHaveLength(1)
  expect(err).toEqual(['✖ elm: 1 error in 1 file\n'])
  tell(start(), found('one'), finish(2))
  expect(out).toHaveLength(1)
})

test('as JSON there is every event, and each run after its last one', () => {
  const {out, err, tell} = output({json: true})
  tell(start(), finish(1))
  expect(out.map(line => JSON.parse(line).type)).toEqual(['task/start', 'task/finish', 'watch/run'])
  expect(err).toEqual([])
})
