import {expect, test} from 'vitest'
import {fixture, shellWorker, supervised} from '../support/supervised.ts'

test('a worker that prints 400 MB and dies at once: bounded memory, and its last line is there', async () => {
  await using s = supervised()
  s.lines.push = () => 0
  const before = process.memoryUsage.rss()
  let [count, most] = [0, 0]
  s.supervisor.onLine(() => {
    count += 1
    if (count % 10_000 === 0) most = Math.max(most, process.memoryUsage.rss())
  })
  const worker = s.supervisor.start(
    shellWorker('', {file: process.execPath, args: [fixture('child-flood.js'), String(400e6)]}),
  )
  expect(await worker.done).toMatchObject({exit: {signal: 'SIGKILL'}})
  expect(count).toBeGreaterThan(4_000_000)
  expect(worker.tail().at(-1)?.text).toBe('the last word')
  expect(most - before).toBeLessThan(200e6)
})
