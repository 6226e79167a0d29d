import {spawn} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {carriersOf, endCarriers} from '../../src/process/carriers.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {killingCarriers} from '../support/carriers.ts'
import {packageRoot} from '../support/sandbox.ts'

const script = join(packageRoot, 'shell', 'watchdog.sh')

async function carrier(word: string): Promise<number> {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo; exec sleep 60'], {
    env: {PATH: process.env.PATH, TOOL_SUPERVISORS: word},
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

test('kills whoever has the id of a supervisor, and nobody else', async () => {
  using mine = killingCarriers(randomUUID())
  using others = killingCarriers(randomUUID())
  const [first, below, other] = [
    await carrier(mine.word),
    await carrier(`${randomUUID()},${mine.word}`),
    await carrier(others.word),
  ]
  expect(carriersOf(mine.word).sort()).toEqual([first, below].sort())
  expect(await endCarriers(mine.word, script, 10_000)).toBe(true)
  expect(carriersOf(mine.word)).toEqual([])
  expect(processIdentity(other)).toBeDefined()
})

test('where nobody has it that is no failure, where it can’t look it is', async () => {
  expect(await endCarriers(randomUUID(), script, 10_000)).toBe(true)
  expect(await endCarriers(randomUUID(), join(packageRoot, 'nowhere.sh'), 10_000)).toBe(false)
  expect(await endCarriers(randomUUID(), script, 0)).toBe(false)
})
