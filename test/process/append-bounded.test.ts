import {closeSync, openSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {appendBounded} from '../../src/process/append-bounded.ts'
import {sandbox} from '../support/sandbox.ts'

test('of a file that grows the last lines are kept, whole', async () => {
  await using box = sandbox()
  const path = join(box.project, 'own.log')
  const file = openSync(path, 'a+')
  for (let line = 0; line < 1000; line++) {
    appendBounded(file, `line ${line} €\n`, 1000)
    expect(statSync(path).size).toBeLessThanOrEqual(1000)
  }
  closeSync(file)
  const kept = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(kept.length).toBeGreaterThan(30)
  expect(kept).toEqual(Array.from(kept, (_, index) => `line ${1000 - kept.length + index} €`))
})

test('where nothing can be taken away, that is no error', async () => {
  await using box = sandbox()
  const path = join(box.project, 'own.log')
  writeFileSync(path, '')
  const writeOnly = openSync(path, 'a')
  appendBounded(writeOnly, 'x'.repeat(100), 10)
  expect(statSync(path).size).toBe(100)
  closeSync(writeOnly)
})

test.runIf(process.platform === 'linux')('a full disk is no error', () => {
  const full = openSync('/dev/full', 'a')
  appendBounded(full, 'x', 10)
  closeSync(full)
})
