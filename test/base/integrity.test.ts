import {expect, test} from 'vitest'
import {isDigest, isSameIntegrity, strongestDigest} from '../../src/base/integrity.ts'

const sha1 = 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA='
const [a, b] = ['A', 'B'].map(letter => `sha512-${letter.repeat(86)}==`) as [string, string]

test('the strongest of several digests', () => {
  expect(strongestDigest(`${sha1} ${a}`)).toBe(a)
  expect(strongestDigest(`${a}?option ${sha1}`)).toBe(a)
  expect(strongestDigest(sha1)).toBe(sha1)
  for (const text of ['', 'md5-AAAA', 'sha512', 'sha512-!', 'garbage here'])
    expect(strongestDigest(text)).toBeUndefined()
})

test('two promise the same by the strongest that both have', () => {
  expect(isSameIntegrity(a, a)).toBe(true)
  expect(isSameIntegrity(a, b)).toBe(false)
  expect(isSameIntegrity(`${sha1} ${a}`, a)).toBe(true)
  expect(isSameIntegrity(`${sha1} ${a}`, `${sha1} ${b}`)).toBe(false)
  expect(isSameIntegrity(`${a} ${b}`, b)).toBe(true)
  expect(isSameIntegrity(sha1, a)).toBeUndefined()
  expect(isSameIntegrity('', a)).toBeUndefined()
})

test('one digest is one, and nothing else', () => {
  expect([a, sha1].every(isDigest)).toBe(true)
  expect(['', `${a} ${b}`, `${a}?x`, 'md5-AAAA'].some(isDigest)).toBe(false)
})
