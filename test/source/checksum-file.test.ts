import {createHash} from 'node:crypto'
import {expect, test} from 'vitest'
import {checksumOf} from '../../src/source/checksum-file.ts'

const url = new URL('https://toolchain.example/SHASUMS')
const hex = (text: string, algorithm = 'sha256') => createHash(algorithm).update(text).digest('hex')
const sri = (text: string, algorithm = 'sha256') =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`

test.each([
  ['as sha256sum writes it', `${hex('a')}  a.tar.gz\n${hex('b')}  b.tar.gz\n`],
  ['binary', `${hex('a')} *a.tar.gz\n`],
  ['below the folder', `${hex('a')}  ./a.tar.gz\n`],
  ['in the way of BSD', `SHA256 (b.tar.gz) = ${hex('b')}\nSHA256 (a.tar.gz) = ${hex('a')}\n`],
  ['with line ends of Windows', `${hex('b')}  b.tar.gz\r\n${hex('a')}  a.tar.gz\r\n`],
  ['in capitals, with comments', `# by us\n\n${hex('a').toUpperCase()}\ta.tar.gz`],
  ['alone', `${hex('a')}\n`],
  ['twice the same', `${hex('a')}  a.tar.gz\n${hex('a')}  a.tar.gz\n`],
])('%s', (_how, text) => {
  expect(checksumOf(text, 'a.tar.gz', url)).toBe(sri('a'))
})

test('the algorithm is known by the length', () => {
  expect(checksumOf(`${hex('a', 'sha512')}  a.tar.gz`, 'a.tar.gz', url)).toBe(sri('a', 'sha512'))
  expect(checksumOf(`${hex('a', 'sha384')}  a.tar.gz`, 'a.tar.gz', url)).toBe(sri('a', 'sha384'))
})

test('a name that is not there, or only as a part of another', () => {
  const text = `${hex('a')}  a.tar.gz.sig\n${hex('b')}  win/a.tar.gz\n`
  expect(checksumOf(text, 'a.tar.gz', url)).toBeUndefined()
})

test.each([
  ['two digests for one name', `${hex('a')}  a.tar.gz\n${hex('b')}  a.tar.gz\n`],
  ['nothing', ''],
  ['a web page', '<html>not found</html>'],
  ['digests that are too weak', `${hex('a', 'sha1')}  a.tar.gz`],
])('%s is refused', (_what, text) => {
  expect(() => checksumOf(text, 'a.tar.gz', url)).toThrow(expect.objectContaining({code: 'INDEX_INVALID'}))
})
