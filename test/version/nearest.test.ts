import {expect, test} from 'vitest'
import {nearestVersions} from '../../src/version/nearest.ts'
import {parseSpec} from '../../src/version/spec.ts'

const versions = ['5.8.3', '5.9.2', '5.9.3', '6.0.0-beta', '6.0.2', '6.0.3', '7.0.2']

test.each([
  ['5.9.99', ['5.9.3', '5.9.2', '5.8.3']],
  ['5.9.1', ['5.9.3', '5.9.2', '5.8.3']],
  ['5.8.9', ['5.8.3', '5.9.3', '6.0.3']],
  ['^5.10', ['5.9.3', '5.8.3', '6.0.3']],
  ['6.0.1', ['6.0.3', '6.0.2', '5.9.3']],
  ['99', ['7.0.2', '6.0.3', '5.9.3']],
  ['0.1', ['5.8.3', '5.9.3', '6.0.3']],
  ['lattest', ['latest']],
  ['nxt', ['next']],
  ['something', []],
])('%s', (text, expected) => {
  const spec = parseSpec(text)
  if (spec.kind === 'problem') throw new Error(spec.message)
  expect(nearestVersions(versions, spec, ['latest', 'next'])).toEqual(expected)
})

test('pre-releases are offered only where there is nothing else', () => {
  const spec = parseSpec('7')
  if (spec.kind === 'problem') throw new Error(spec.message)
  expect(nearestVersions(['7.0.0-rc.1'], spec)).toEqual(['7.0.0-rc.1'])
})
