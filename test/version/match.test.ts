import fc from 'fast-check'
import semver from 'semver'
import {expect, test} from 'vitest'
import {maxSatisfying, satisfies} from '../../src/version/match.ts'
import {parseSpec, type VersionSpec} from '../../src/version/spec.ts'
import {ranges, semvers} from '../support/versions.ts'

function spec(text: string): VersionSpec {
  const parsed = parseSpec(text)
  if (parsed.kind === 'problem') throw new Error(`${text} ${parsed.message}`)
  return parsed
}

test('matching agrees with node-semver', () => {
  fc.assert(
    fc.property(semvers, fc.oneof(ranges, ranges, semvers), (version, text) => {
      // A spec that names a build asks for that build; node-semver never looks at builds.
      fc.pre(spec(text).kind === 'range' || !text.includes('+'))
      expect(satisfies(version, spec(text))).toBe(semver.satisfies(version, text))
    }),
    {numRuns: 3000},
  )
})

test('the highest match is the one of node-semver', () => {
  fc.assert(
    fc.property(fc.array(semvers, {maxLength: 12}), ranges, (versions, text) => {
      fc.pre(spec(text).kind === 'range')
      const [ours, theirs] = [maxSatisfying(versions, spec(text)), semver.maxSatisfying(versions, text)]
      if (ours === undefined || theirs === null) expect([ours, theirs]).toEqual([undefined, null])
      else expect(semver.compare(ours, theirs)).toBe(0)
    }),
    {numRuns: 1000},
  )
})

test('an exact spec with a build asks for that build', () => {
  expect(satisfies('21.0.2+13', spec('21.0.2'))).toBe(true)
  expect(satisfies('21.0.2+14', spec('21.0.2+13'))).toBe(false)
  expect(maxSatisfying(['21.0.2', '21.0.2+13'], spec('21.0.2'))).toBe('21.0.2')
})

test('names that are no semver match themselves', () => {
  expect(satisfies('1.8.0_292', spec('1.8.0_292'))).toBe(true)
  expect(satisfies('1.8.0_292', spec('1.8.0'))).toBe(false)
  expect(maxSatisfying(['go1.21', 'go1.22'], spec('go1.21'))).toBe('go1.21')
})

test('a tag is what the source says', () => {
  const versions = ['5.8.0', '5.9.3', '6.0.0-beta']
  expect(maxSatisfying(versions, spec('next'), {next: '6.0.0-beta'})).toBe('6.0.0-beta')
  expect(maxSatisfying(versions, spec('latest'), {latest: '5.8.0'})).toBe('5.8.0')
  expect(maxSatisfying(versions, spec('next'), {})).toBeUndefined()
  expect(maxSatisfying(versions, spec('constructor'), {})).toBeUndefined()
})

test('without tags latest is the highest release, else the highest of all', () => {
  expect(maxSatisfying(['5.8.0', '5.10.0', '6.0.0-beta'], spec('latest'))).toBe('5.10.0')
  expect(maxSatisfying(['6.0.0-alpha', '6.0.0-beta'], spec('latest'))).toBe('6.0.0-beta')
  expect(maxSatisfying([], spec('latest'))).toBeUndefined()
})

test('system and path match no version', () => {
  expect(satisfies('1.0.0', spec('system'))).toBe(false)
  expect(maxSatisfying(['1.0.0'], spec('path:1.0.0'))).toBeUndefined()
})
