import {expect, test} from 'vitest'
import {nearestNames} from '../../src/base/nearest.ts'

const known = ['typescript', 'esbuild', 'sass', 'node', 'sitec']

test.each([
  ['typscript', ['typescript']],
  ['esbuidl', ['esbuild']],
  ['sas', ['sass', 'sitec'].slice(0, 1)],
  ['type', ['typescript']],
  ['kotlin', []],
])('%s', (word, expected) => {
  expect(nearestNames(word, known)).toEqual(expected)
})

test('the best first, not more than asked for', () => {
  expect(nearestNames('ab', ['abcd', 'abd', 'ac', 'zz', 'b'], 2)).toEqual(['abcd', 'abd'])
  expect(nearestNames('build', ['biuld', 'builds'], 1)).toEqual(['builds'])
})
