import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Change} from '../../src/watch/change.ts'
import {watchFiles} from '../../src/watch/files.ts'
import {Occurrences} from '../support/occurrences.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

function watched(box: Sandbox) {
  const changes = new Occurrences<Change>()
  const troubles: unknown[] = []
  const files = watchFiles({
    root: box.project,
    home: box.context.layout.home,
    since: Date.now(),
    onChanges: all => {
      for (const change of all) changes.add(change)
    },
    onTrouble: error => troubles.push(error),
  })
  const seen = (name: string, type: Change['type']) =>
    changes.when(change => change.path === join(box.project, name) && change.type === type)
  return {changes, troubles, seen, [Symbol.asyncDispose]: () => files.close()}
}

test('files that come, change and go, in new folders too', async () => {
  await using box = sandbox()
  const before = Date.now()
  box.write('a.x', 'one')
  await using w = watched(box)
  // From the call on, also while it still looks around.
  box.write('early/b.x', 'one')
  await w.seen('early/b.x', 'created')
  box.write('a.x', 'two')
  const {at} = await w.seen('a.x', 'changed')
  expect(at).toBeGreaterThan(before - 20)
  expect(at).toBeLessThanOrEqual(Date.now())
  rmSync(join(box.project, 'early'), {recursive: true})
  await w.seen('early/b.x', 'deleted')
  expect(w.troubles).toEqual([])
})

test('a link that leads back up ends', async () => {
  await using box = sandbox()
  mkdirSync(join(box.project, 'src'))
  symlinkSync('..', join(box.project, 'src/loop'))
  await using w = watched(box)
  box.write('src/a.x', 'one')
  await w.seen('src/a.x', 'created')
})

test('what is written to an ignored folder is nothing, until the rules say so no more', async () => {
  await using box = sandbox()
  box.write('.gitignore', '*.log\n')
  await using w = watched(box)
  box.write('a.log', 'one')
  box.write('a.x', 'one')
  await w.seen('a.x', 'created')
  box.write('.gitignore', '')
  await w.seen('.gitignore', 'changed')
  writeFileSync(join(box.project, 'b.log'), 'two')
  await w.seen('b.log', 'created')
  expect(w.changes.all.map(({path}) => path)).not.toContain(join(box.project, 'a.log'))
})
