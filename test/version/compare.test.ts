import fc from 'fast-check'
import semver from 'semver'
import {expect, test} from 'vitest'
import {compareVersions, isPrerelease, sortByVersion} from '../../src/version/compare.ts'
import {semvers} from '../support/versions.ts'

const anyName = fc.oneof(
  semvers,
  fc.string({
    unit: fc.constantFrom('1', '0', '2', '10', '.', '-', '+', '_', 'a', 'rc', 'p', 'v'),
    maxLength: 7,
  }),
)

test('agrees with node-semver', () => {
  fc.assert(
    fc.property(semvers, semvers, (a, b) => {
      const theirs = semver.compare(a, b)
      if (theirs !== 0) expect(Math.sign(compareVersions(a, b))).toBe(theirs)
    }),
    {numRuns: 3000},
  )
})

test('is a total order of any names', () => {
  fc.assert(
    fc.property(anyName, anyName, anyName, (a, b, c) => {
      const sign = (x: string, y: string) => Math.sign(compareVersions(x, y))
      expect(sign(a, b) + sign(b, a)).toBe(0)
      expect(sign(a, b) === 0).toBe(a === b)
      if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
    }),
    {numRuns: 5000},
  )
})

test.each([
  [['go1.9', 'go1.22', '0.8.1-1', '0.8.1', '5.9.3', '5.10.0-beta', '5.10.0-rc.1', '5.10.0']],
  [['1.22beta1', '1.22rc2', '1.22rc10', '1.22', '1.22.1']],
  [['2.0.0.pre1', '2.0.0', '2.0.0p247', '2.0.0p1000']],
  [['1.8.0', '1.8.0_91', '1.8.0_292', '1.9']],
  [['2026-01-02', '2026-11-01', '2026']],
  [['5.8', '5.9.0-beta', '5.9', '5.9.0', '5.9.1']],
  [['21.0.2+9', '21.0.2+13']],
  [['9007199254740993.0', '9007199254740994.0']],
])('natural order %j', sorted => {
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted)
  expect([...sorted].sort(compareVersions)).toEqual(sorted)
})

test.each(['5.10.0-beta', '1.22rc1', '2.0.0.pre1', '3.0b'])('%s is a pre-release', version => {
  expect(isPrerelease(version)).toBe(true)
})

test.each(['5.10.0', '1.8.0_292', '2.0.0p247', 'nightly', '1.0+rc'])('%s is none', version => {
  expect(isPrerelease(version)).toBe(false)
})

test('sorting by version is sorting by the order of versions', () => {
  const names = fc.array(
    fc.oneof(semvers, anyName, fc.constantFrom('1.2.3', '1.02.3', '01.2.3', '1.2.3-rc.1')),
  )
  fc.assert(
    fc.property(names, versions => {
      const sorted = sortByVersion(
        versions.map(version => ({version})),
        ({version}) => version,
      )
      const expected = [...versions].sort(compareVersions)
      expect(sorted.map(({version}) => version)).toEqual(expected)
    }),
    {numRuns: 1000},
  )
})
