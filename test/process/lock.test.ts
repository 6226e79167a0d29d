import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {acquireLock} from '../../src/process/lock.ts'
import {sandbox} from '../support/sandbox.ts'

const contender = new URL('../../fixtures/programs/lock-contender.ts', import.meta.url).pathname

/** Runs a program that takes the lock, notes `in` and `out` in a log, and ends. */
function contend(lock: string, log: string, ...more: string[]) {
  return spawn(process.execPath, [contender, lock, log, ...more], {stdio: ['ignore', 'pipe', 'inherit']})
}

test('a free lock is taken, holds its holder, and is gone when released', async () => {
  await using box = sandbox()
  const path = join(box.root, 'locks', 'a.lock')
  {
    await using _lock = await acquireLock(path)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject(processIdentity(process.pid) ?? {})
    expect(readdirSync(join(box.root, 'locks'))).toEqual(['a.lock'])
  }
  expect(readdirSync(join(box.root, 'locks'))).toEqual([])
})

test('the second waits, is told who holds it, and comes in after the first', async () => {
  await using box = sandbox()
  const path = join(box.root, 'a.lock')
  const order: string[] = []
  const first = await acquireLock(path)
  const waiting = Promise.withResolvers<void>()
  const second = acquireLock(path, {
    onWait(holder) {
      order.push(`waits for ${holder.pid === process.pid ? 'us' : 'others'}`)
      waiting.resolve()
    },
  }).then(lock => {
    order.push('second')
    return lock
  })
  await waiting.promise
  order.push('first leaves')
  await first[Symbol.asyncDispose]()
  await (await second)[Symbol.asyncDispose]()
  expect(order).toEqual(['waits for us', 'first leaves', 'second'])
  expect(existsSync(path)).toBe(false)
})

test('waiting ends with the reason of the signal, and leaves nothing', async () => {
  await using box = sandbox()
  const path = join(box.root, 'locks', 'a.lock')
  const controller = new AbortController()
  await using _held = await acquireLock(path)
  const second = acquireLock(path, {
    signal: controller.signal,
    onWait: () => controller.abort(new Error('enough')),
  })
  await expect(second).rejects.toThrow('enough')
  expect(readdirSync(join(box.root, 'locks'))).toEqual(['a.lock'])
})

test.each([
  ['a dead process', '{"pid":1073741824,"startTime":"1","bootId":"x"}'],
  ['a process of another boot', JSON.stringify({...processIdentity(process.pid), bootId: 'another'})],
  ['an empty file', ''],
  ['garbage', '\0\0\0'],
])('the lock of %s is taken over at once', async (_what, text) => {
  await using box = sandbox()
  const path = join(box.root, 'locks', 'a.lock')
  mkdirSync(join(box.root, 'locks'))
  writeFileSync(path, text)
  {
    await using _lock = await acquireLock(path, {
      onWait: () => {
        throw new Error('waited for the dead')
      },
    })
  }
  expect(readdirSync(join(box.root, 'locks'))).toEqual([])
})

test('of many that find a dead lock, one at a time comes in', async () => {
  await using box = sandbox()
  const [path, log] = [join(box.root, 'a.lock'), join(box.root, 'log')]
  writeFileSync(log, '')
  const holder = contend(path, log, 'die')
  await once(holder, 'exit')
  expect(existsSync(path)).toBe(true)
  const children = Array.from({length: 6}, () => contend(path, log))
  const codes = await Promise.all(children.map(async child => (await once(child, 'exit'))[0]))
  expect(codes).toEqual(Array(6).fill(0))
  expect(readFileSync(log, 'utf8').match(/in (\d+)\nout \1\n/g)).toHaveLength(6)
  expect(existsSync(path)).toBe(false)
})

test('many inside one process come in one at a time, and take over from the dead', async () => {
  await using box = sandbox()
  const [path, log] = [join(box.root, 'locks', 'a.lock'), join(box.root, 'log')]
  for (const round of Array(20).keys()) {
    mkdirSync(join(box.root, 'locks'), {recursive: true})
    writeFileSync(path, `{"pid":1073741824,"startTime":"${round}","bootId":"x"}`)
    writeFileSync(log, '')
    await Promise.all(
      Array.from({length: 4}, async (_, one) => {
        await using _lock = await acquireLock(path)
        appendFileSync(log, `in ${one}\n`)
        await new Promise(setImmediate)
        appendFileSync(log, `out ${one}\n`)
      }),
    )
    expect(readFileSync(log, 'utf8').match(/in (\d)\nout \1\n/g)).toHaveLength(4)
    expect(readdirSync(join(box.root, 'locks'))).toEqual([])
  }
})

test('when the holder is killed, who waits comes in', async () => {
  await using box = sandbox()
  const [path, log] = [join(box.root, 'a.lock'), join(box.root, 'log')]
  const holder = contend(path, log, 'hold')
  await once(holder.stdout, 'data')
  await using _lock = await acquireLock(path, {onWait: () => holder.kill('SIGKILL')})
  expect(readFileSync(log, 'utf8')).toBe(`in ${holder.pid}\n`)
})
