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
    now += 10
    reruns.take([{path, type: 'changed', at: now, during: false, ...more}])
  }
  const end = () => {
    now += 10
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

test('a compiler may cause its own next run three times, then what it writes is no reason any more', () => {
  const {runs, outputs, change, end} = compiler()
  change('/src/a')
  for (let index = 0; index < 10; index += 1) {
    change(`/dist/${index}`, {during: true})
    end()
  }
  expect(runs).toHaveLength(4)
  expect(outputs).toEqual(['/dist'])
  change('/dist/9')
  expect(runs.at(-1)).toEqual(['/dist/9'])
})

test('beside the sources it is single files, and never one that somebody works on', () => {
  const {runs, outputs, change, end} = compiler()
  change('/src/a')
  for (let index = 0; index < 10; index += 1) {
    change('/src/out', {during: true})
    end()
  }
  expect(outputs).toEqual(['/src/out'])
  const before = runs.length
  change('/src/a')
  for (let index = 0; index < 10; index += 1) {
    change('/src/a', {during: true})
    end()
  }
  expect(runs).toHaveLength(before + 11)
})
