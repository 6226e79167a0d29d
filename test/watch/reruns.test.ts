import {expect, test} from 'vitest'
import type {JudgedChange} from '../../src/watch/change.ts'
import {Reruns} from '../../src/watch/reruns.ts'

/** A compiler that is at work until `end` is called; each run is the list of its reasons. */
function compiler() {
  let now = 1000
  const runs: string[][] = []
  const outputs: string[] = []
  const reruns = new Reruns({
    run: changes => {
      runs.push(changes.map(({path}) => path))
      reruns.began(now)
    },
    onOutputs: paths => outputs.push(...paths),
  })
  const change = (path: string, more: Partial<JudgedChange> = {}) => {
    now += 100
    reruns.take([{path, type: 'changed', at: now, during: false, ...more}])
  }
  const end = () => {
    now += 100
    reruns.ended()
  }
  return {runs, outputs, reruns, change, end}
}

test('a change starts a run, and those during it one more', () => {
  const {runs, change, end} = compiler()
  change('/a')
  change('/b')
  change('/c')
  expect(runs).toEqual([['/a']])
  end()
  expect(runs).toEqual([['/a'], ['/b', '/c']])
  end()
  end()
  expect(runs).toHaveLength(2)
})

test('what changed before a run began is part of it, however late it is heard of', () => {
  const {runs, change, end} = compiler()
  change('/a')
  change('/b', {at: 900})
  end()
  change('/b', {at: 900})
  expect(runs).toHaveLength(1)
  change('/c')
  change('/d', {at: 900, type: 'deleted'})
  end()
  expect(runs.at(-1)).toEqual(['/d'])
})

test('a run that is asked for comes once, after the one under way', () => {
  const {runs, reruns, end} = compiler()
  reruns.again()
  reruns.again()
  reruns.again()
  expect(runs).toHaveLength(1)
  end()
  expect(runs).toHaveLength(2)
  end()
  expect(runs).toHaveLength(2)
})

test('forgetting leaves nothing pending', () => {
  const {runs, reruns, change, end} = compiler()
  change('/a')
  change('/b')
  reruns.again()
  reruns.forget()
  end()
  expect(runs).toHaveLength(1)
})

/** A chain of runs, in each of which the compiler changes a file that is called by their number. */
function chained({change, end}: ReturnType<typeof compiler>, name: (index: number) => Partial<JudgedChange>) {
  for (let index = 0; index < 20; index += 1) {
    const {path = '', ...more} = name(index)
    change(path, {during: true, ...more})
    end()
  }
}

test('a compiler may cause its own next run three times, then a file that it writes each time is no reason any more', () => {
  const one = compiler()
  one.change('/src/a')
  chained(one, () => ({path: '/src/out'}))
  expect(one.runs).toHaveLength(4)
  expect(one.outputs).toEqual(['/src/out'])
  one.change('/src/out')
  expect(one.runs.at(-1)).toEqual(['/src/out'])
})

test('so is a folder in which it makes another file each time', () => {
  const one = compiler()
  one.change('/src/a')
  chained(one, index => ({path: `/dist/${index}`, type: 'created'}))
  expect(one.runs).toHaveLength(4)
  expect(one.outputs).toEqual(['/dist'])
})

test('it may do so ten times with another file each time', () => {
  const one = compiler()
  one.change('/src/a')
  chained(one, index => ({path: `/cache/${index}`}))
  expect(one.runs).toHaveLength(11)
  expect(one.outputs).toEqual(['/cache'])
})

test('what somebody works on is never taken for output', () => {
  const one = compiler()
  one.change('/src/a')
  one.end()
  chained(one, () => ({path: '/src/a'}))
  expect(one.runs).toHaveLength(21)
})

test('saves during runs are no output, though there are many, while the compiler writes something else', () => {
  const one = compiler()
  one.change('/src/a')
  chained(one, index => ({path: index % 2 === 0 ? '/lib/b' : '/lib/c'}))
  expect(one.runs.length).toBeGreaterThan(10)
  expect(one.outputs).not.toContain('/lib/b')
})
