import fc from 'fast-check'
import {expect, test} from 'vitest'
import {looksLikeSpec, parseSpec, printSpec} from '../../src/version/spec.ts'
import {ranges, semvers} from '../support/versions.ts'

test.each([
  ['5.9.3', {kind: 'exact', version: '5.9.3'}],
  ['v5.9.3', {kind: 'exact', version: '5.9.3'}],
  ['5.9.3-beta.1', {kind: 'exact', version: '5.9.3-beta.1'}],
  ['21.0.2+13', {kind: 'exact', version: '21.0.2+13'}],
  ['1.8.0_292', {kind: 'exact', version: '1.8.0_292'}],
  ['2026-01-01', {kind: 'exact', version: '2026-01-01'}],
  ['5', {kind: 'range', range: '5'}],
  ['v5', {kind: 'range', range: 'v5'}],
  ['5.9', {kind: 'range', range: '5.9'}],
  ['5.x', {kind: 'range', range: '5.x'}],
  ['*', {kind: 'range', range: '*'}],
  ['^0.28', {kind: 'range', range: '^0.28'}],
  ['=5.9.3', {kind: 'range', range: '=5.9.3'}],
  ['>=0.27 <0.29', {kind: 'range', range: '>=0.27 <0.29'}],
  ['1.2 - 2.0 || ^3', {kind: 'range', range: '1.2 - 2.0 || ^3'}],
  ['latest', {kind: 'tag', tag: 'latest'}],
  ['lts', {kind: 'tag', tag: 'lts'}],
  ['lts/iron', {kind: 'tag', tag: 'lts/iron'}],
  ['lts/*', {kind: 'tag', tag: 'lts/*'}],
  ['nightly-2026-01-01', {kind: 'tag', tag: 'nightly-2026-01-01'}],
  ['go1.22', {kind: 'tag', tag: 'go1.22'}],
  ['system', {kind: 'system'}],
  ['path:../dist', {kind: 'path', directory: '../dist'}],
  ['path:C:\\x y', {kind: 'path', directory: 'C:\\x y'}],
])('%s is a spec', (text, expected) => {
  expect(parseSpec(text)).toEqual({...expected, text})
})

test.each([
  ['../evil', 'unsafe'],
  ['5.9.3/../..', 'unsafe'],
  ['a/b', 'unsafe'],
  ['lts/../x', 'unsafe'],
  ['5..9', 'unsafe'],
  ['..\\evil', 'unsafe'],
  ['', 'invalid'],
  [' ', 'invalid'],
  [' 5', 'invalid'],
  ['5\n', 'invalid'],
  ['5\0', 'invalid'],
  ['path', 'invalid'],
  ['path:', 'invalid'],
  ['^', 'invalid'],
  ['>=', 'invalid'],
  ['-', 'invalid'],
  ['5.9.3#1', 'invalid'],
  ["'5.9'", 'invalid'],
  ['esbuild@1', 'invalid'],
  ['5.9.3 latest', 'invalid'],
  ['$(rm)', 'invalid'],
  ['-rf', 'invalid'],
  ['.hidden', 'invalid'],
])('%j is no spec', (text, reason) => {
  const problem = parseSpec(text)
  expect(problem).toMatchObject({kind: 'problem', reason})
  expect(problem).toHaveProperty('hint', expect.stringMatching(/\S/))
})

test('the hint says what to write instead', () => {
  expect(parseSpec('5.9.3#old')).toHaveProperty('hint', expect.stringContaining('blank before the #'))
  expect(parseSpec("'^5'")).toHaveProperty('hint', expect.stringContaining('"'))
})

test('print ∘ parse is the identity', () => {
  const texts = fc.oneof(
    semvers,
    ranges,
    fc.constantFrom('latest', 'lts/iron', 'system', 'path:../a b'),
    fc.string(),
  )
  fc.assert(
    fc.property(texts, text => {
      const spec = parseSpec(text)
      if (spec.kind === 'problem') return
      expect(printSpec(spec)).toBe(text)
      expect(parseSpec(printSpec(spec))).toEqual(spec)
    }),
    {numRuns: 1000},
  )
})

test('no spec but a path can leave the store', () => {
  const nasty = fc.string({unit: fc.constantFrom('.', '/', '\\', 'a', '1', '-', ' ', 'l', 't', 's', '*')})
  fc.assert(
    fc.property(
      fc.oneof(
        nasty,
        nasty.map(rest => `lts/${rest}`),
      ),
      text => {
        const spec = parseSpec(text)
        if (spec.kind !== 'problem') expect(text).not.toMatch(/\.\.|^\/|^[.]|\\/)
      },
    ),
    {numRuns: 2000},
  )
})

test.each([
  '5.9.3',
  'v5',
  '^1',
  '~1',
  '<1',
  '>1',
  '=1',
  '*',
  '"1 || 2"',
  'latest',
  'next',
  'lts',
  'system',
  'path',
  'path:x',
])('%s needs no name before it', text => {
  expect(looksLikeSpec(text)).toBe(true)
})

test.each(['typescript', 'v', 'vue', 'latest-1', 'systems', 'paths', 'beta', '-', '|'])(
  '%s is no bare spec',
  text => {
    expect(looksLikeSpec(text)).toBe(false)
  },
)
