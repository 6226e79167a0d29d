import {join} from 'node:path'
import {expect, test} from 'vitest'
import {keepLogs} from '../../src/session/keep-logs.ts'
import {openLogs} from '../../src/supervisor/log-reader.ts'
import {shellWorker, supervised} from '../support/supervised.ts'

test('of a worker that prints much and dies at once every line is kept, to the last one', async () => {
  await using s = supervised()
  const directory = join(s.box.root, 'logs')
  const close = keepLogs(s.supervisor, directory, s.box.context.log)
  const worker = s.supervisor.start(
    shellWorker('i=100000; seq 1 $i; echo failed >&2; printf unfinished; kill -9 $$'),
  )
  await worker.done
  // What is on disk by now, with no turn of the event loop in between.
  using reader = openLogs(directory)
  const records = reader.next()
  const of = (stream: string) => records.filter(one => one.stream === stream).map(({text}) => text)
  expect(of('out')).toEqual([...Array.from({length: 100_000}, (_, index) => String(index + 1)), 'unfinished'])
  expect(of('err')).toEqual(['failed'])
  expect(of('tool')).toEqual([expect.stringMatching(/^started as process \d+$/), 'ended (SIGKILL)'])
  expect(records.at(-1)?.text).toBe('ended (SIGKILL)')
  expect(s.box.logged).toEqual([])
  close()
})
