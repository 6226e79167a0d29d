import {expect, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {siteMachine} from '../support/site-machine.ts'

const served = /^sitec (\S+) (http:\/\/127\.0\.0\.1:\d+\/)$/

test('a supervisor that hangs is told by every command, and tool stop --force ends it with all that it ran', async () => {
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
