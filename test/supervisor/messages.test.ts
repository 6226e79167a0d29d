import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import type {Interpreter} from '../../src/model/interpreter.ts'
import {policy, shellWorker, supervised} from '../support/supervised.ts'

test('an interpreter makes events of lines; what it leaves open is closed', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line: (_stream, text) => {
      const [method = '', id = ''] = text.split(' ')
      if (method === 'begin') return [{method: 'task/start', params: {taskId: id, title: text}}]
      return method === 'end' ? [{method: 'task/finish', params: {taskId: id, status: 1}}] : []
    },
    end: ({code}) => [{method: 'log/message', params: {level: 'info', message: `it was ${code}`}}],
  })
  const worker = s.supervisor.start(
    shellWorker('echo begin a; echo begin b; echo begin b; echo end a; echo end a; exit 1', {interpreter}),
  )
  await worker.done
  const tasks = s.events.filter(({type}) => type.startsWith('task/'))
  expect(tasks).toMatchObject([
    {type: 'task/start', taskId: 'a', workerId: 'w', label: 'shell'},
    {type: 'task/start', taskId: 'b'},
    {type: 'task/finish', taskId: 'a', status: 1},
    {type: 'task/finish', taskId: 'b', status: 2},
  ])
  expect(worker.tail().at(-1)).toMatchObject({stream: 'log', level: 'info', text: 'it was 1'})
})

test('what a worker had open when it was stopped counts as cancelled', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line: () => [{method: 'task/start', params: {taskId: 'a', title: ''}}],
    end: () => [],
  })
  const worker = s.supervisor.start(shellWorker('echo go; sleep 600', {interpreter}))
  await s.line(/go/)
  await worker.stop()
  expect(s.events.find(({type}) => type === 'task/finish')).toMatchObject({status: 3})
})

test('a new process takes back what the one before said of files', async () => {
  await using s = supervised()
  const uri = 'file:///a'
  const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}
  const interpreter = (): Interpreter => ({
    line: (_stream, message) => [
      {method: 'diagnostics/publish', params: {uri, reset: false, diagnostics: [{range, message}]}},
    ],
    end: () => [],
  })
  const restart = policy({restart: 'transient', delay: 1, maxRestarts: 2})
  const worker = s.supervisor.start(shellWorker('echo $$; exit 1', {interpreter, restart}))
  await worker.done
  expect(s.supervisor.events.snapshot().diagnostics).toMatchObject([{uri, diagnostics: {length: 1}}])
})

test('the tail is bounded in lines and in size', async () => {
  await using s = supervised()
  const many = s.supervisor.start(shellWorker('seq 5000'))
  await many.done
  expect(many.tail().length).toBe(1000)
  expect(many.tail()[0]?.text).toBe('4001')
  const long = s.supervisor.start(
    shellWorker('head -c 4000000 /dev/zero | tr "\\0" x; echo; echo end', {id: 'long'}),
  )
  await long.done
  const size = long.tail().reduce((sum, {text}) => sum + text.length, 0)
  expect(size).toBeGreaterThan(200_000)
  expect(size).toBeLessThanOrEqual(256 * 1024)
  expect(long.tail().at(-1)?.text).toBe('end')
})

test('a foreground worker gets what comes on the input of the supervisor', async () => {
  const stdin = new PassThrough()
  await using s = supervised({stdin})
  const worker = s.supervisor.start(shellWorker('read line; echo "got $line"', {stdin: 'inherit'}))
  stdin.write('a word\n')
  await worker.done
  expect(worker.tail().map(({text}) => text)).toEqual(['got a word'])
})

test('an interpreter that fails at a line is told of, and the next line is read', async () => {
  await using s = supervised()
  const interpreter = (): Interpreter => ({
    line(_stream, text) {
      if (text === 'bad') throw new Error('boom')
      return [{method: 'log/message', params: {level: 'info', message: `read ${text}`}}]
    },
    end: () => [],
  })
  const worker = s.supervisor.start(shellWorker('echo bad; echo good', {interpreter}))
  expect(await worker.done).toMatchObject({kind: 'exited', exit: {code: 0}})
  expect(worker.tail().filter(({stream}) => stream === 'log')).toMatchObject([
    {level: 'error', text: "what it printed can't be interpreted: boom"},
    {level: 'info', text: 'read good'},
  ])
})

test('a listener that fails is told of in the log, and hurts nobody', async () => {
  await using s = supervised()
  s.supervisor.onEvent(() => {
    throw new Error('no events please')
  })
  s.supervisor.onLine(() => {
    throw new Error('no lines please')
  })
  const heard: string[] = []
  s.supervisor.onEvent(({type}) => heard.push(type))
  const worker = s.supervisor.start(shellWorker('echo hello'))
  expect(await worker.done).toMatchObject({kind: 'exited'})
  expect(heard).toEqual(s.events.map(({type}) => type))
  expect(heard.length).toBeGreaterThan(3)
  const texts = s.lines.map(({text}) => text)
  expect(texts).toContain('hello')
  expect(texts).toContain('a listener failed: no lines please')
  expect(texts).toContain('a listener failed: no events please (at worker/state)')
})
