import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {packageRoot} from '../support/sandbox.ts'
import {startWine, type Wine, windowsPath} from '../support/wine.ts'

let wine: Wine
/** What came of each step of windows-house.js. */
let told: Record<string, unknown>

const steps = [
  'handshake',
  'flood',
  'crash',
  'graceful',
  'killed',
  'stubborn',
  'family',
  'deserted',
  'stranger',
  'control',
  'hard',
]

beforeAll(() => {
  wine = startWine()
  const cwd = join(wine.root, 'house')
  mkdirSync(cwd)
  const house = windowsPath(join(packageRoot, 'fixtures', 'programs', 'windows-house.js'))
  const home = {USERPROFILE: windowsPath(wine.root), TOOL_HOME: windowsPath(join(wine.root, '.tool'))}
  const ran = wine.run([house, windowsPath(packageRoot), 'told.json', ...steps], {
    cwd,
    env: home,
    timeout: 280_000,
  })
  expect(ran).toEqual({status: 0, stdout: '', stderr: ''})
  told = JSON.parse(readFileSync(join(cwd, 'told.json'), 'utf8'))
}, 400_000)
afterAll(() => wine[Symbol.dispose]())

const pipe = /^\\\\\.\\pipe\\toolversion-[\da-f]{32}$/

test('workers join their supervisor by a pipe whose name nobody can guess', () => {
  const {supervisors, said, states} = told.handshake as Record<string, object[]>
  expect(states).toEqual(['ready', 'ready', 'stopped'])
  expect(said).toMatchObject([0, 0, 1].map(index => ({TOOL_SUPERVISORS: supervisors?.[index]})))
  const pipes = said?.map(one => (one as {TOOL_IPC: string}).TOOL_IPC)
  for (const one of pipes ?? []) expect(one).toMatch(pipe)
  expect(new Set(pipes).size).toBe(2)
})

test('where both sides send much at once nothing is lost, and all comes in its order', () => {
  expect(told.flood).toEqual({ok: 200, messages: 10_000, inOrder: true})
})

test('a worker that crashed is there again under its id, as another process', () => {
  const crash = told.crash as Record<string, number>
  expect(crash).toMatchObject({
    workerId: 'crash',
    first: expect.any(Number),
    second: expect.any(Number),
    restarts: 1,
    status: 1,
    failure: 'crash ended (exit code 3)',
  })
  expect(crash.second).not.toBe(crash.first)
  expect(crash.states).toEqual(expect.arrayContaining(['backoff']))
})

test('who is asked to stop ends by itself, and what it did is cancelled', () => {
  expect(told.graceful).toEqual({kind: 'stopped', code: 0, status: 3, ended: true})
})

test('who ignores that it is to stop, or can’t be asked, is killed', () => {
  expect(told.killed).toEqual({kind: 'stopped', byItself: false, alive: false})
  expect(told.stubborn).toEqual({kind: 'stopped', alive: false})
})

test('what a worker started goes with it, whether it is stopped or ends by itself', () => {
  expect(told.family).toEqual({kind: 'stopped', before: true, after: false})
  expect(told.deserted).toEqual({before: true, after: false})
})

test('who has not the token hears nothing', () => {
  const heard = {wrongToken: '', nobody: '', noHello: '', garbage: ''}
  expect(told.stranger).toEqual({heard, status: 1})
})

test('a client in another process finds the supervisor, sees all of it, and ends it', () => {
  const client = {workerId: 'client', state: {kind: 'ready'}, pid: expect.any(Number)}
  expect(told.control).toMatchObject({
    pipe: expect.stringMatching(pipe),
    again: null,
    client: {
      list: {workers: [client], servers: []},
      snapshot: {workers: [client], tasks: [], diagnostics: [{uri: 'file:///app/a'}]},
      inOrder: true,
      unknown: 'NO_SUCH_WORKER',
      closed: null,
      after: null,
    },
  })
})

test('of a supervisor that is killed nothing is left: no worker, no child of one, no watchdog', () => {
  const all = (alive: boolean) => ({house: alive, worker: alive, child: alive, watchdog: alive})
  expect(told.hard).toMatchObject({before: all(true), after: all(false)})
})
