import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {createInterpreter} from '../../src/diagnostics/interpreter.ts'
import {diagnosticsOf, interpretAll} from '../support/output.ts'

const root = '/somewhere/app'
const read = (text: string, pattern: string) => diagnosticsOf(interpretAll(text, {pattern}, root))

test('named groups become a diagnostic, lines and columns counted from 0', () => {
  const pattern =
    '^(?<file>[^:]+):(?<line>\\d+):(?<column>\\d+)-(?<endLine>\\d+):(?<endColumn>\\d+) (?<severity>\\w+) (?<code>\\w+) (?<message>.*)$'
  const text =
    'noise\n\u001b[31mlib/a.elm:3:5-4:1 warning W12 unused\u001b[0m\nlib/b.elm:1:1-1:2 error E1 wrong'
  expect(read(text, pattern)).toEqual([
    {
      uri: pathToFileURL('/somewhere/app/lib/a.elm').href,
      toolchain: 'compiler',
      source: 'compiler',
      severity: 2,
      code: 'W12',
      message: 'unused',
      range: {start: {line: 2, character: 4}, end: {line: 3, character: 0}},
    },
    expect.objectContaining({uri: pathToFileURL('/somewhere/app/lib/b.elm').href, severity: 1, code: 'E1'}),
  ])
})

test('groups that a pattern lacks have sensible values', () => {
  expect(read('fatal: out of cheese', '^(?<severity>fatal): (?<message>.*)$')).toMatchObject([
    {
      uri: `${pathToFileURL(root).href}/`,
      severity: 1,
      message: 'out of cheese',
      range: {start: {line: 0, character: 0}, end: {line: 0, character: 0}},
    },
  ])
  expect(read('/abs/x.c:7', '^(?<file>.*):(?<line>\\d+)$')).toMatchObject([
    {
      uri: pathToFileURL('/abs/x.c').href,
      severity: 1,
      message: '/abs/x.c:7',
      range: {start: {line: 6, character: 0}, end: {line: 6, character: 0}},
    },
  ])
})

test.each([
  ['WARN', 2],
  ['info', 3],
  ['note', 3],
  ['hint', 4],
  ['error', 1],
  ['catastrophe', 1],
])('%s is severity %i', (word, severity) => {
  expect(read(`${word}: x`, '^(?<severity>\\w+): (?<message>.*)$')).toMatchObject([{severity}])
})

test('an end before the beginning gives an empty range', () => {
  expect(
    read('a:5:9-2:1', '^(?<file>a):(?<line>\\d+):(?<column>\\d+)-(?<endLine>\\d+):(?<endColumn>\\d+)$'),
  ).toMatchObject([{range: {start: {line: 4, character: 8}, end: {line: 4, character: 8}}}])
})

test('of an endless line only the beginning is looked at', () => {
  const pattern = '^(?<message>x+) end$'
  expect(read(`${'x'.repeat(100)} end`, pattern)).toHaveLength(1)
  expect(read(`${'x'.repeat(10_000)} end`, pattern)).toHaveLength(0)
})

test('streams that interleave are read apart', () => {
  const interpreter = createInterpreter({format: 'typescript'}, {root, toolchain: 't'})
  const messages = [
    ...interpreter.line('stdout', 'a.ts(1,1): error TS1: one'),
    ...interpreter.line('stderr', 'warming up'),
    ...interpreter.line('stdout', '  more of one'),
    ...interpreter.end({code: 1, signal: null}),
  ]
  expect(messages).toMatchObject([{params: {diagnostics: [{message: 'one\n  more of one'}]}}])
})
