import {expect, test} from 'vitest'
import {raised} from '../../src/version/raise.ts'
import {parseSpec} from '../../src/version/spec.ts'

function raise(text: string, newest: string): string | undefined {
  const spec = parseSpec(text)
  if (spec.kind === 'problem') throw new Error(spec.message)
  return raised(spec, newest)?.text
}

test.each([
  ['5.8.2', '5.9.3', '5.9.3'],
  ['v5.8.2', '5.9.3', 'v5.9.3'],
  ['5.9.0-beta', '5.9.0', '5.9.0'],
  ['1.8.0_291', '1.8.0_292', '1.8.0_292'],
  ['^5.8', '5.9.3', '^5.9'],
  ['^5.8.2', '5.9.3', '^5.9.3'],
  ['~5.8.2', '6.0.1', '~6.0.1'],
  ['^5', '6.1.0', '^6'],
  ['5', '6.1.0', '6'],
  ['5.8', '6.1.0', '6.1'],
  ['5.8.x', '5.9.3', '5.9.x'],
  ['5.x', '6.1.0', '6.x'],
  ['>=5.8', '5.9.3', '>=5.9'],
  ['=5.8.2', '5.9.3', '=5.9.3'],
  ['^7.0.0-dev.1', '7.0.0', '^7.0.0'],
])('%s raised to %s is %s', (text, newest, expected) => {
  expect(raise(text, newest)).toBe(expected)
})

test.each([
  ['5.9.3', '5.9.3'],
  ['6.0.0-beta', '5.9.3'],
  ['^6.0.0-beta', '5.9.3'],
  ['^5.9', '5.9.0'],
  ['5', '5.9.3'],
  ['latest', '5.9.3'],
  ['next', '5.9.3'],
  ['*', '5.9.3'],
  ['>=5.8 <6', '5.9.3'],
  ['5.7 || 5.8', '5.9.3'],
  ['5.7 - 5.8', '5.9.3'],
  ['<5.8', '5.9.3'],
  ['>5.8', '5.9.3'],
  ['system', '5.9.3'],
  ['path:../dist', '5.9.3'],
  ['^5.8', 'mine'],
])('%s stays when the newest is %s', (text, newest) => {
  expect(raise(text, newest)).toBeUndefined()
})
