import {expect, test} from 'vitest'
import {codeFrame} from '../../../src/cli/render/code-frame.ts'

const at = (line: number, character: number, endLine: number, endCharacter: number) => ({
  start: {line, character},
  end: {line: endLine, character: endCharacter},
})

test('the lines around, numbered as in the file', () => {
  const lines = Array.from({length: 2000}, (_, index) => `line ${index + 1}`)
  expect(codeFrame(lines, at(999, 5, 999, 9), false)).toBe(
    '   999 | line 999\n> 1000 | line 1000\n       |      ^^^^\n  1001 | line 1001',
  )
})

test('a range of many lines is cut', () => {
  const lines = Array.from({length: 50}, (_, index) => `line ${index + 1}`)
  const frame = codeFrame(lines, at(9, 0, 40, 3), false) ?? ''
  expect(frame.split('\n').filter(line => line.startsWith('>') && line.includes('line'))).toHaveLength(8)
})

test('an empty range is one mark, also behind the last sign', () => {
  expect(codeFrame(['ab'], at(0, 2, 0, 2), false)).toBe('> 1 | ab\n    |   ^')
})

test('lines that nobody can read, or that are not there, are not shown', () => {
  expect(codeFrame(['x'.repeat(10_000)], at(0, 0, 0, 1), true)).toBeUndefined()
  expect(codeFrame(['x'], at(7, 0, 7, 1), true)).toBeUndefined()
})
