import {readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {carriersOf, watchdogsOf} from '../support/carriers.ts'
import {siteMachine} from '../support/site-machine.ts'

const served = /^sitec (\S+) (http:\/\/127\.0\.0\.1:\d+\/)$/

function socketsOf(pid: number): number {
  const files = readdirSync(`/proc/${pid}/fd`).map(name => readLinkIfAny(`/proc/${pid}/fd/${name}`))
  return files.filter(file => file.startsWith('socket:')).length
}

function readLinkIfAny(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

test.concurrent('a supervisor that hangs is told by every command, and tool stop --force ends it with all that it ran', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const [, , url = ''] = served.exec((await m.run(site, 'serve', '-d')).stdout.trimEnd()) ?? []
  const [{pid, workers}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  process.kill(pid, 'SIGSTOP')
  const commands = [
    ['port'],
    ['stop'],
    ['restart'],
    ['attach'],
    ['logs', '-f'],
    ['serve'],
    ['watch'],
    ['serve', '-d'],
  ]
  const told = await Promise.all(commands.map(words => m.run(site, ...words)))
  expect(told).toMatchObject(
    told.map(() => ({
      code: 8,
      stderr: expect.stringMatching(
        /error SUPERVISOR_NOT_ANSWERING: .*\n {2}try: end it, and all that it runs: tool stop --force\n$/,
      ),
    })),
  )
  expect(await m.run(site, 'build')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^warning: the supervisor .* does not answer, so .* built without it; .* --force$/m,
    ),
  })
  expect((await m.run(site, 'ps')).stdout).toMatch(/~\/pages\* +supervisor \S+ +- +not answering +\d+/)
  expect(await m.run(site, 'stop', '--force')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^warning: the supervisor of .* did not answer, and was killed with all that it ran\n$/,
    ),
  })
  expect([pid, workers[0].pid].filter(one => processIdentity(one) !== undefined)).toEqual([])
  await expect(fetch(url)).rejects.toThrow()
  expect(await m.run(site, 'stop', '--force')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^nothing runs /),
  })
})

test.concurrent('who follows one that hangs is told so, and when it goes on; the end by force is the end of all', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  await m.run(site, 'serve', '-d')
  const [{pid}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  const before = socketsOf(pid)
  const followers = [['serve'], ['attach'], ['logs', '-f']].map(words => m.start(site, ...words))
  // Both are there once they have said where it is.
  await Promise.all(followers.slice(0, 2).map(one => one.line()))
  await vi.waitUntil(() => socketsOf(pid) >= before + followers.length, {timeout: 20_000})
  process.kill(pid, 'SIGSTOP')
  const hangs =
    /warning: the supervisor of .* does not answer; what it says next will follow, or end it.*stop --force/
  await Promise.all(followers.map(one => one.told(hangs)))
  process.kill(pid, 'SIGCONT')
  await Promise.all(followers.map(one => one.told(/the supervisor answers again/)))
  process.kill(pid, 'SIGSTOP')
  expect((await m.run(site, 'stop', '--all', '--force')).code).toBe(0)
  expect((await Promise.all(followers.map(one => one.ended))).map(({code}) => code)).toEqual([0, 0, 0])
})

test.concurrent('force ends also what the watchdog can’t, being stopped', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  await m.run(site, 'serve', '-d')
  const [{pid}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  const [dog = 0] = watchdogsOf(pid)
  const {instance} = JSON.parse(readFileSync(join(m.box.context.layout.run(site), 'supervisor.json'), 'utf8'))
  process.kill(dog, 'SIGSTOP')
  process.kill(pid, 'SIGSTOP')
  expect(await m.run(site, 'stop', '--force')).toMatchObject({code: 0})
  expect(carriersOf(instance)).toEqual([])
  process.kill(dog, 'SIGCONT')
  await vi.waitUntil(() => processIdentity(dog) === undefined, {timeout: 10_000})
})
