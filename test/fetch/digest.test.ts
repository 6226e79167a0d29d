import {createHash} from 'node:crypto'
import {expect, test} from 'vitest'
import {createDigest} from '../../src/fetch/digest.ts'

const url = new URL('https://r.example/x.tgz')
const sri = (algorithm: string, text: string) =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`

function check(integrity: string, text: string): void {
  const digest = createDigest(integrity)
  digest.update(Buffer.from(text.slice(0, 2)))
  digest.update(Buffer.from(text.slice(2)))
  digest.check(url)
}

test.each(['sha1', 'sha256', 'sha384', 'sha512'])('%s', algorithm => {
  check(sri(algorithm, 'hello'), 'hello')
  expect(() => check(sri(algorithm, 'hello'), 'hellO')).toThrow(
    expect.objectContaining({code: 'INTEGRITY_MISMATCH', exitCode: 6}),
  )
})

test('the message shows both digests', () => {
  expect(() => check(sri('sha512', 'a'), 'b')).toThrow(sri('sha512', 'a'))
  expect(() => check(sri('sha512', 'a'), 'b')).toThrow(sri('sha512', 'b'))
})

test('only the strongest of several counts; of equally strong ones, any', () => {
  check(`${sri('sha1', 'other')} ${sri('sha512', 'hello')}`, 'hello')
  expect(() => check(`${sri('sha1', 'hello')} ${sri('sha512', 'other')}`, 'hello')).toThrow()
  check(`${sri('sha512', 'other')} ${sri('sha512', 'hello')}`, 'hello')
})

test.each(['', 'md5-XUFAKrxLKna5cZ2REBfFkg==', 'sha512', 'nonsense'])(
  '%j is no promise that can be checked',
  text => {
    expect(() => createDigest(text)).toThrow(
      expect.objectContaining({code: 'INTEGRITY_UNKNOWN', exitCode: 6}),
    )
  },
)
