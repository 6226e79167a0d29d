import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {groupIsGone, signalGroup, stopGroup} from '../../src/process/group.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {spawnGroup} from '../../src/process/spawn.ts'
import {packageRoot} from '../support/sandbox.ts'
import {fixture} from '../support/supervised.ts'

/** Starts a fixture, and waits for a line of it. */
async function start(name: string, said: RegExp) {
  const {promise, resolve} = Promise.withResolvers<RegExpExecArray>()
  const group = await spawnGroup({
    file: fixture(name),
    args: [],
    cwd: packageRoot,
    env: {PATH: process.env.PATH ?? ''},
    stdin: 'none',
    onLine: (_stream, text) => {
      const match = said.exec(text)
      if (match) resolve(match)
    },
  })
  return {...group, number: Number((await promise)[1])}
}

test('SIGTERM is enough for a program that heeds it', async () => {
  const {pid, exited} = await start('child-leaver.sh', /left (\d+)/)
  await exited
  expect(await stopGroup({pid, began: 0}, new AbortController().signal)).toBe(true)
  expect(groupIsGone(pid)).toBe(true)
})

test('who ignores it is killed when it gets urgent, and not before', async () => {
  const {pid, exited} = await start('child-stubborn.sh', /stubborn (\d+)/)
  const urgent = new AbortController()
  const gone = stopGroup({pid, began: 0}, urgent.signal)
  expect(groupIsGone(pid)).toBe(false)
  urgent.abort()
  expect(await gone).toBe(true)
  expect(await exited).toEqual({code: null, signal: 'SIGKILL'})
})

test('done means that the grandchildren are gone too', async () => {
  const {pid, number: grandchild} = await start('child-family.sh', /grandchild (\d+)/)
  const urgent = new AbortController()
  const gone = stopGroup({pid, began: 0}, urgent.signal)
  urgent.abort()
  expect(await gone).toBe(true)
  expect(processIdentity(grandchild)).toBeUndefined()
})

test('a stopped program is woken up to end', async () => {
  const {pid, exited} = await start('child-leaver.sh', /left (\d+)/)
  await exited
  signalGroup(pid, 'SIGSTOP')
  expect(await stopGroup({pid, began: 0}, new AbortController().signal)).toBe(true)
})

test.runIf(process.platform === 'linux')('a zombie counts as gone', async () => {
  const {pid, number: zombie} = await start('child-unreaped.sh', /zombie (\d+)/)
  expect(await stopGroup({pid: zombie, began: 0}, new AbortController().signal)).toBe(true)
  expect(process.kill(zombie, 0)).toBe(true)
  await stopGroup({pid, began: 0}, AbortSignal.abort())
})

test.runIf(process.platform === 'linux')(
  'where no file can be opened, a living group is not taken for gone',
  () => {
    const script = 'ulimit -n 64; exec "$0" "$1"'
    const said = execFileSync('/bin/sh', ['-c', script, process.execPath, fixture('child-out-of-files.ts')])
    expect(String(said)).toBe('gone without files: false\nstopped: true, gone: true\n')
  },
)
