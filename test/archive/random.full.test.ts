import fc from 'fast-check'
import {expect, test} from 'vitest'
import {unpackInJail} from '../support/jail.ts'
import {randomArchive} from '../support/random-archives.ts'
import {sandbox} from '../support/sandbox.ts'

test('whatever thousands of archives hold, nothing appears outside the target', async () => {
  await using box = sandbox()
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(randomArchive, async archive => {
      if (await unpackInJail(box.project, archive)) accepted += 1
    }),
    {numRuns: 5000},
  )
  expect(accepted).toBeGreaterThan(500)
})
