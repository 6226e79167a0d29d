import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {readLiving} from '../../src/process/proc-stat.ts'
import {watchdogsOf} from '../support/carriers.ts'
import {fixture, shellWorker, supervised} from '../support/supervised.ts'

/** Those of this process that were not there before. */
function newWatchdogs(before: readonly number[]): number[] {
  return watchdogsOf(process.pid).filter(pid => !before.includes(pid))
}

test('a supervisor has one watchdog from its first worker on, and none after its shutdown', async () => {
  const before = watchdogsOf(process.pid)
  await using s = supervised()
  expect(newWatchdogs(before)).toEqual([])
  for (const id of ['a', 'b']) s.supervisor.start(shellWorker('sleep 60', {id}))
  await s.reaches('ready', 'a')
  await s.reaches('ready', 'b')
  const dogs = newWatchdogs(before)
  expect(dogs).toHaveLength(1)
  await s.supervisor.shutdown()
  // Gone altogether: no zombie either.
  const seen = () => readdirSync('/proc').filter(pid => dogs.includes(Number(pid)))
  await expect.poll(seen).toEqual([])
})

test('it has neither a terminal, nor a folder, nor an id, nor a session in common with anybody', async () => {
  const before = watchdogsOf(process.pid)
  await using s = supervised({above: ['outer']})
  s.supervisor.start(shellWorker('sleep 60'))
  const {pid: worker} = await s.reaches('ready')
  const [dog = 0] = newWatchdogs(before)
  expect(readlinkSync(`/proc/${dog}/cwd`)).toBe('/')
  expect(readFileSync(`/proc/${dog}/environ`, 'utf8')).not.toContain('TOOL_')
  expect([1, 2].map(fd => readlinkSync(`/proc/${dog}/fd/${fd}`))).toEqual(['/dev/null', '/dev/null'])
  expect(readLiving(dog)?.group).toBe(dog)
  // Its pipe ends with us alone: the worker has no descriptor of a pipe but its own three.
  const more = readdirSync(`/proc/${worker}/fd`).filter(fd => Number(fd) > 2)
  expect(more.filter(fd => readlinkSync(`/proc/${worker}/fd/${fd}`).startsWith('socket:'))).toEqual([])
})

test('what ends by itself is kept from ending neither by the watchdog nor by its pipe', async () => {
  const program = spawn(process.execPath, [fixture('child-library.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code]] = await Promise.all([text(program.stdout), once(program, 'exit')])
  expect({said, code}).toEqual({said: 'hello\nwatched by 1\nexited\n', code: 0})
})

test('where there can be no watchdog, that is said once, and the workers run', async () => {
  await using s = supervised({watchdog: '/nowhere/watchdog.sh'})
  for (const id of ['a', 'b']) s.supervisor.start(shellWorker('sleep 60', {id}))
  await s.reaches('ready', 'a')
  await s.line(/^there is no watchdog \(it ended with \d+\): .*SIGKILL/)
  s.supervisor.start(shellWorker('echo here', {id: 'c'}))
  await s.line(/here/)
  expect(s.lines.filter(({text}) => text.includes('watchdog'))).toMatchObject([
    {stream: 'log', level: 'warning'},
  ])
})
