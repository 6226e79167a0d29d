import {expect, test} from 'vitest'
import {Batches} from '../../src/watch/batches.ts'
import type {Change} from '../../src/watch/change.ts'
import {manualClock} from '../support/manual-clock.ts'

function gathering() {
  const clock = manualClock()
  const got: Change[][] = []
  const batches = new Batches(clock, changes => got.push(changes))
  const add = (path: string, type: Change['type'] = 'changed', at = clock.now()) =>
    batches.add({path, type, at})
  return {clock, got, batches, add}
}

test('a save counts when 50 ms have passed without another', () => {
  const {clock, got, add} = gathering()
  add('/a')
  clock.advance(49)
  add('/b')
  clock.advance(49)
  expect(got).toEqual([])
  clock.advance(1)
  expect(got.map(changes => changes.map(({path}) => path))).toEqual([['/a', '/b']])
})

test('many at a time are waited for longer, but nobody for ever', () => {
  const {clock, got, add} = gathering()
  for (let index = 0; index < 20; index += 1) add(`/${index}`)
  clock.advance(249)
  expect(got).toEqual([])
  clock.advance(1)
  expect(got[0]).toHaveLength(20)
  for (let index = 0; index < 200; index += 1) {
    add(`/${index}`)
    clock.advance(40)
  }
  expect(got.length).toBeGreaterThan(1)
})

test.each([
  [['created', 'changed'], 'created'],
  [['changed', 'deleted'], 'deleted'],
  [['deleted', 'created'], 'changed'],
  [['created', 'deleted'], undefined],
  [['created', 'deleted', 'created'], 'created'],
] as const)('%j of one file is %s', (types, expected) => {
  const {clock, got, add} = gathering()
  for (const [index, type] of types.entries()) add('/a', type, 1000 + index)
  clock.advance(1000)
  expect(got).toEqual(expected === undefined ? [] : [[{path: '/a', type: expected, at: 999 + types.length}]])
})

test('closed, it says nothing more', () => {
  const {clock, got, batches, add} = gathering()
  add('/a')
  batches.close()
  clock.advance(1000)
  expect(got).toEqual([])
})
