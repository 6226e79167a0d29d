import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {groupIsGone, signalGroup} from '../../src/process/group.ts'
import {type SpawnOptions, spawnGroup} from '../../src/process/spawn.ts'
import {packageRoot} from '../support/sandbox.ts'
import {fixture} from '../support/supervised.ts'

const env = {PATH: process.env.PATH ?? ''}

function start(changes: Partial<SpawnOptions> = {}) {
  const lines: string[] = []
  const printed = Promise.withResolvers<void>()
  const onLine = (stream: string, text: string) => {
    lines.push(`${stream}: ${text}`)
    printed.resolve()
  }
  return {
    lines,
    /** Resolves with the first line. */
    printed: printed.promise,
    group: spawnGroup({file: '/bin/sh', args: [], cwd: packageRoot, env, stdin: 'none', onLine, ...changes}),
  }
}

const script = (text: string, changes: Partial<SpawnOptions> = {}) => start({args: ['-c', text], ...changes})

test('lines come by stream, and the exit after the last of them', async () => {
  const {group, lines} = script('echo one; echo two >&2; printf "\\033[1mthree"; exit 4')
  expect(await (await group).exited).toEqual({code: 4, signal: null})
  expect(lines.sort()).toEqual(['stderr: two', 'stdout: \u001b[1mthree', 'stdout: one'])
})

test('a signal is told by name', async () => {
  const {group} = script('kill -SEGV $$')
  expect(await (await group).exited).toEqual({code: null, signal: 'SIGSEGV'})
})

test('the environment is the given one and no more', async () => {
  const {group, lines} = start({file: '/usr/bin/env', env: {ONLY: 'this'}})
  await (await group).exited
  expect(lines).toEqual(['stdout: ONLY=this'])
})

test('the process leads a group of its own', async () => {
  const {group, lines} = script('ps -o pgid= -p $$')
  const {pid, exited} = await group
  await exited
  expect(lines.map(line => Number(line.replace('stdout: ', '')))).toEqual([pid])
})

test.each([
  ['a missing program', {file: '/nonexistent/compiler'}, 'ENOENT'],
  ['a file that is no program', {file: `${packageRoot}/package.json`}, 'EACCES'],
  ['a folder', {file: packageRoot}, 'EACCES'],
  ['a missing working directory', {cwd: '/nonexistent'}, 'ENOENT'],
])('%s is an error with its code', async (_name, changes, code) => {
  await expect(start(changes).group).rejects.toMatchObject({code})
})

test('a NUL in an argument is an error too', async () => {
  await expect(start({args: ['a\0b']}).group).rejects.toThrow()
})

test('nothing printed before the exit is lost, and all of it is there when the exit is told', async () => {
  for (let round = 0; round < 10; round++) {
    const {group, lines} = script('seq 20000; kill -KILL $$')
    expect(await (await group).exited).toEqual({code: null, signal: 'SIGKILL'})
    expect(lines.length).toBe(20000)
    expect(lines.at(-1)).toBe('stdout: 20000')
  }
})

test('a grandchild that holds the pipe does not hold up the exit', async () => {
  const {group, lines} = start({file: fixture('child-leaver.sh')})
  const {pid, exited} = await group
  expect(await exited).toEqual({code: 0, signal: null})
  expect(lines).toEqual([expect.stringMatching(/^stdout: left \d+$/)])
  expect(groupIsGone(pid)).toBe(false)
  signalGroup(pid, 'SIGKILL')
})

test('nor does one that goes on printing', async () => {
  const {group} = script('(while :; do echo still here || exit; done) & exit 5')
  const {pid, exited} = await group
  expect(await exited).toEqual({code: 5, signal: null})
  signalGroup(pid, 'SIGKILL')
})

test('input: at its end, or open and silent, or what comes from a stream', async () => {
  const none = script('cat; echo end')
  await (await none.group).exited
  expect(none.lines).toEqual(['stdout: end'])

  const source = new PassThrough()
  const fed = script('read line; echo "got $line"', {stdin: source})
  source.write('a word\n')
  await (await fed.group).exited
  expect(fed.lines).toEqual(['stdout: got a word'])

  const open = script('cat; echo end', {stdin: 'open'})
  const {pid, exited} = await open.group
  signalGroup(pid, 'SIGTERM')
  expect(await exited).toEqual({code: null, signal: 'SIGTERM'})
  expect(open.lines).toEqual([])
})

test('a stream that ends leaves the input open, and one process that ends leaves the stream to the others', async () => {
  const source = new PassThrough()
  const first = script('read line; echo "$line"', {stdin: source})
  const second = script('read line; read line; echo "$line"; cat', {stdin: source})
  const [one, two] = await Promise.all([first.group, second.group])
  source.write('a\n')
  await one.exited
  source.end('b\n')
  await second.printed
  signalGroup(two.pid, 'SIGTERM')
  expect(await two.exited).toEqual({code: null, signal: 'SIGTERM'})
  expect([first.lines, second.lines]).toEqual([['stdout: a'], ['stdout: b']])
})
