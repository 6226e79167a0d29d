import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {expect, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {fixture} from '../support/supervised.ts'

test.each([
  ['exit', 0],
  ['throw', 1],
])('when our own process ends by %s, its workers end with it', async (how, expected) => {
  const keeper = spawn(process.execPath, [fixture('child-keeper.ts'), how], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(keeper, 'exit')
  const [line] = await once(createInterface(keeper.stdout), 'line')
  const pid = Number(/stubborn (\d+)/.exec(String(line))?.[1])
  expect((await ended)[0]).toBe(expected)
  expect(pid).toBeGreaterThan(0)
  // SIGKILL was sent before the exit; the system may take a moment to act on it.
  await expect.poll(() => processIdentity(pid)).toBeUndefined()
})
