import fc from 'fast-check'
import {expect, test} from 'vitest'
import {unpackInJail} from '../support/jail.ts'
import {randomArchive} from '../support/random-archives.ts'
import {sandbox} from '../support/sandbox.ts'

test('whatever an archive holds, nothing appears outside the target, and what is accepted is what was packed', async () => {
  await using box = sandbox()
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(randomArchive, async archive => {
      if (await unpackInJail(box.project, archive)) accepted += 1
    }),
    // The same ones each time; the full tests go on from there.
    {numRuns: 400, seed: 4},
  )
  expect(accepted).toBeGreaterThan(20)
})
