import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {isAlive, processIdentity} from '../../src/process/identity.ts'

test('this process is itself and alive', () => {
  const self = processIdentity(process.pid)
  expect(self).toMatchObject({pid: process.pid, startTime: expect.stringMatching(/./)})
  expect(self && isAlive(self)).toBe(true)
})

test('nobody has a pid that was never given', () => {
  for (const pid of [0, -1, 2 ** 30, Number.NaN]) expect(processIdentity(pid)).toBeUndefined()
})

test('the same pid with another start time or boot is another process', () => {
  const self = processIdentity(process.pid)
  if (!self) throw new Error('no identity')
  expect(isAlive({...self, startTime: `${self.startTime}0`})).toBe(false)
  expect(isAlive({...self, bootId: 'another'})).toBe(false)
})

test('a child is alive until it is killed, also while nobody has collected it', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'])
  await once(child.stdout, 'data')
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid)
  if (!identity) throw new Error('no identity')
  expect(isAlive(identity)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive(identity)).toBe(false)
})

test.runIf(process.platform === 'linux')('a zombie counts as nobody', async () => {
  // The shell becomes a program that never collects the child that it started.
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1001'])
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(String(line).trim())
  const about = (of: number | undefined, what: string) => readFileSync(`/proc/${of}/${what}`, 'latin1')
  const patient = {timeout: 10_000}
  await expect.poll(() => about(parent.pid, 'cmdline'), patient).toBe('sleep\x001001\0')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => about(pid, 'stat'), patient).toContain(') Z ')
  expect(processIdentity(pid)).toBeUndefined()
  parent.kill('SIGKILL')
  await once(parent, 'exit')
})
