import {expect, test} from 'vitest'
import {floodBetweenProcesses} from '../support/flooded.ts'

test('both sides flood each other with 50,000 requests of 1 KiB that call back', async () => {
  const {here, there} = await floodBetweenProcesses('ask', 50_000)
  expect(here).toEqual({received: 50_000, inOrder: true, answered: 50_000})
  expect(there).toMatchObject(here)
})

test('a peer that floods while this side sleeps waits for it, in bounded memory', async () => {
  const {here, there} = await floodBetweenProcesses('notify', 200_000, () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
  })
  expect(here).toEqual({received: 200_000, inOrder: true, answered: 0})
  expect(there).toMatchObject(here)
  expect(there.maxRSS).toBeLessThan(200 * 1024 * 1024)
})
