import {setImmediate as turn} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {Tail} from '../../src/supervisor/tail.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const line = (text: string) => ({workerId: 'w', label: 'w', stream: 'stdout', text}) as const

test('long lines that left the tail are freed at once', async () => {
  const tail = new Tail()
  const pushed: WeakRef<object>[] = []
  for (let i = 0; i < 100; i++) {
    const long = line(`${i} ${'x'.repeat(16 * 1024 - 10)}`)
    pushed.push(new WeakRef(long))
    tail.push(long)
  }
  await turn()
  collectGarbage()
  expect(pushed.filter(one => one.deref()).length).toBe(tail.lines().length)
  expect(tail.lines().length).toBe(16)
  expect(tail.lines().at(-1)?.text.startsWith('99 ')).toBe(true)
})
