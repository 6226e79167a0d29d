import {rmSync, statSync} from 'node:fs'
import {expect, test} from 'vitest'
import type {Change} from '../../src/watch/change.ts'
import {Judge} from '../../src/watch/judge.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

/** Writes a file, and judges that. */
async function written(judge: Judge, box: Sandbox, name: string, text: string) {
  const path = box.write(name, text)
  return judge.judge([{path, type: 'changed', at: statSync(path).ctimeMs}])
}

test('while nobody compiles, everything counts', async () => {
  await using box = sandbox()
  const judge = new Judge()
  expect(await written(judge, box, 'a.x', 'one')).toMatchObject([{during: false}])
  expect(await written(judge, box, 'a.x', 'one')).toMatchObject([{during: false}])
})

test('while somebody does, only what has another content than the time before', async () => {
  await using box = sandbox()
  const judge = new Judge()
  judge.began('x', Date.now() - 1000)
  expect(await written(judge, box, 'a.js', 'one')).toMatchObject([{during: true}])
  expect(await written(judge, box, 'a.js', 'one')).toEqual([])
  expect(await written(judge, box, 'a.js', 'two')).toMatchObject([{during: true}])
  const path = box.write('a.js', 'two')
  rmSync(path)
  const gone: Change = {path, type: 'deleted', at: Date.now()}
  expect(await judge.judge([gone])).toMatchObject([{during: true, type: 'deleted'}])
  expect(await judge.judge([gone])).toEqual([])
})

test('what a person changes in between is not compared with what a compiler wrote before', async () => {
  await using box = sandbox()
  const judge = new Judge()
  const path = box.write('a.x', 'one')
  const change = (at: number): Change => ({path, type: 'changed', at})
  judge.began('x', 1000)
  judge.ended('x', 2000)
  expect(await judge.judge([change(1500)])).toHaveLength(1)
  box.write('a.x', 'two')
  expect(await judge.judge([change(2500)])).toHaveLength(1)
  box.write('a.x', 'one')
  expect(await judge.judge([change(1500)])).toHaveLength(1)
})

test('a change is weighed by when it happened, not by when it is heard of', async () => {
  await using box = sandbox()
  const judge = new Judge()
  const path = box.write('a.x', 'one')
  const change = (at: number): Change => ({path, type: 'changed', at})
  judge.began('x', 1000)
  judge.ended('x', 2000)
  judge.began('x', 3000)
  judge.ended('x', 4000)
  const during = async (at: number) => (await judge.judge([change(at)])).map(one => one.during)
  expect(await during(1500)).toEqual([true])
  expect(await during(1500)).toEqual([])
  expect(await during(3500)).toEqual([])
  expect(await during(999)).toEqual([false])
  expect(await during(2500)).toEqual([false])
  expect(await during(4001)).toEqual([false])
  expect(judge.wasDuring(change(3995))).toBe(true)
  expect(judge.wasDuring(change(3995), 10)).toBe(false)
})
