import {existsSync, mkdirSync, readdirSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {execa} from 'execa'
import {expect, test} from 'vitest'
import {layoutOf} from '../../src/base/layout.ts'
import {openControl} from '../../src/supervisor/control.ts'
import {createSupervisor} from '../../src/supervisor/supervisor.ts'
import {supervised, talker} from '../support/supervised.ts'

test('where the folder can’t be made, the socket lies in a short one that goes with it', async () => {
  await using s = supervised({directory: '/sys/toolversion/run'})
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
})

test('a folder that can’t be had is named, and the program is not blamed', async () => {
  await using s = supervised()
  s.box.write('../run', 'a file in its place')
  const worker = s.supervisor.start(talker(['plain']))
  const error = await worker.ready().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({code: 'WORKER_CANNOT_START', exitCode: 8})
  expect(String(error)).toContain(join(s.box.root, 'run'))
  expect(String(error)).not.toContain(process.execPath)
})

test('sockets of killed supervisors are swept, those of live ones stay', async () => {
  await using s = supervised()
  const folder = join(s.box.root, 'run')
  mkdirSync(folder)
  await leaveDeadSocket(join(folder, 'workers-0badcafe.sock'))
  const live = createServer()
  const {promise, resolve} = Promise.withResolvers<void>()
  live.listen(join(folder, 'workers-00c0ffee.sock'), resolve)
  await promise
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
  await s.supervisor.shutdown()
  expect(readdirSync(folder)).toEqual(['workers-00c0ffee.sock'])
  live.close()
})

test('a control sweeps too, and its folder goes with it', async () => {
  await using s = supervised()
  const layout = layoutOf(join(s.box.root, 'home'))
  const folder = layout.run(s.box.project)
  mkdirSync(folder, {recursive: true})
  await leaveDeadSocket(join(folder, 'workers-0badcafe.sock'))
  const supervisor = createSupervisor({directory: folder})
  const control = await openControl(supervisor, {layout, projectRoot: s.box.project, version: '0.0.0'})
  await control?.close()
  expect(existsSync(folder)).toBe(false)
})

test('the folder goes with the last socket', async () => {
  await using s = supervised()
  const worker = s.supervisor.start(talker(['plain']))
  await worker.ready()
  expect(existsSync(join(s.box.root, 'run'))).toBe(true)
  await s.supervisor.shutdown()
  expect(existsSync(join(s.box.root, 'run'))).toBe(false)
})

/** A socket whose process was killed. */
async function leaveDeadSocket(path: string): Promise<void> {
  const listenAndDie =
    "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))"
  await execa(process.execPath, ['-e', listenAndDie, path], {reject: false})
  expect(existsSync(path)).toBe(true)
}
