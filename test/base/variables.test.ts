import {delimiter} from 'node:path'
import {expect, test} from 'vitest'
import {withFirstOnPath, withVariables} from '../../src/base/variables.ts'

test('later variables win, and what is undefined is left out', () => {
  const all = withVariables('linux', {A: '1', B: '2', C: undefined}, undefined, {B: '3', a: '4'})
  expect(all).toEqual({A: '1', B: '3', a: '4'})
})

test('on Windows case does not matter, and the first spelling stays', () => {
  expect(withVariables('win32', {Path: 'C:\\one', temp: 'x'}, {PATH: 'C:\\two', TEMP: 'y'})).toEqual({
    Path: 'C:\\two',
    temp: 'y',
  })
})

test('folders come first on PATH, however Windows spells it; elsewhere Path is another variable', () => {
  const joined = ['new', 'old'].join(delimiter)
  expect(withFirstOnPath('win32', {Path: 'old'}, ['new'])).toEqual({Path: joined})
  expect(withFirstOnPath('linux', {Path: 'x', PATH: 'old'}, ['new'])).toEqual({Path: 'x', PATH: joined})
  expect(withFirstOnPath('linux', {Path: 'x'}, ['new'])).toEqual({Path: 'x', PATH: 'new'})
  expect(withFirstOnPath('win32', {}, ['new'])).toEqual({PATH: 'new'})
  expect(withFirstOnPath('linux', {PATH: 'old'}, [])).toEqual({PATH: 'old'})
})
