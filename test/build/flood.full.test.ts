import {expect, test} from 'vitest'
import {build} from '../../src/build/build.ts'
import {sandbox} from '../support/sandbox.ts'
import {scripted} from '../support/targets.ts'

test('a compiler that prints 100 MB costs little memory, and its error at the end is heard', async () => {
  await using box = sandbox()
  const targets = [scripted('loud', ['flood=100', 'out=a.x:1:1: error: wrong', 'exit=1'])]
  let most = 0
  let lines = 0
  const before = process.memoryUsage().rss
  const result = await build(
    box.context,
    {root: box.project, targets},
    {
      onLine() {
        lines += 1
        if (lines % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss)
      },
    },
  )
  expect(result.toolchains).toMatchObject([{status: 'errors'}])
  expect(result.diagnostics).toMatchObject([{message: 'wrong'}])
  expect(lines).toBe(1_000_001)
  expect(most - before).toBeLessThan(150_000_000)
})

test('a compiler that prints 100 MB of errors is kept within bounds', async () => {
  await using box = sandbox()
  const targets = [scripted('angry', ['flood=100,a.x:1:1: error: wrong', 'exit=1'])]
  const before = process.memoryUsage().rss
  const result = await build(box.context, {root: box.project, targets})
  expect(result.toolchains).toMatchObject([{status: 'errors'}])
  expect(result.summary.errors).toBe(10_001)
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
})
