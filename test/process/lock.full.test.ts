import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {sandbox} from '../support/sandbox.ts'

const contender = new URL('../../fixtures/programs/lock-contender.ts', import.meta.url).pathname

test('where holders keep dying, there is never more than one', async () => {
  await using box = sandbox()
  const [lock, log] = [join(box.root, 'a.lock'), join(box.root, 'log')]
  writeFileSync(log, '')
  const run = async (how: string) => {
    const child = spawn(process.execPath, [contender, lock, log, how], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return (await once(child, 'exit'))[1] as string | null
  }
  const line = async () => {
    const ends: (string | null)[] = []
    for (let at = 0; at < 8; at++) ends.push(await run('often'))
    return ends
  }
  const ends = (await Promise.all(Array.from({length: 8}, line))).flat()
  expect(ends.filter(signal => signal === 'SIGKILL').length).toBeGreaterThan(32)
  // Who is in is either out before the next one comes in, or never.
  const notes = readFileSync(log, 'utf8').trim().split('\n')
  for (const [at, note] of notes.entries()) {
    if (note.startsWith('out')) expect(notes[at - 1]).toBe(note.replace('out', 'in'))
  }
  await run('once')
  expect(existsSync(lock)).toBe(false)
})
