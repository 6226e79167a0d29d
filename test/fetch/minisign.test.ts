import {createHash} from 'node:crypto'
import {describe, expect, test} from 'vitest'
import {readSignature} from '../../src/fetch/minisign.ts'
import {createSigner} from '../support/minisign.ts'

const url = new URL('https://toolchain.example/ore-1.0.0.tar.gz.minisig')
const file = 'ore-1.0.0.tar.gz'
const signer = createSigner()
const {publicKey} = signer
const bytes = Buffer.from('the archive')
const blake = (message: Uint8Array) => createHash('blake2b512').update(message).digest()

test('a published signature of Zig, by its published key', () => {
  const name = 'zig-x86_64-linux-0.15.1.tar.xz'
  const text = [
    'untrusted comment: signature from minisign secret key',
    'RUSGOq2NVecA2Wk3Npw2IGzIC8fMec6YOFiKRo3F7tmaEgdVL8wk06amCA64FxoC8iN6+FyllUz+mQteoOXYlEYFkZYUBG2Bngo=',
    `trusted comment: timestamp:1755707121\tfile:${name}\thashed`,
    'ynslZhi+qM0o9VFWdEWj0/Wsn1zuW4ubHyI6a4AeJW2DdLq04d0TPuMMWgnFBKcxfjhFhBUmaqr156dIlIoFDA==',
    '',
  ].join('\n')
  const zig = {publicKey: 'RWSGOq2NVecA2UPNdBUZykf1CCb147pkmdtYxgb3Ti+JO/wCYvhbAb/U', url, file: name}
  const digest =
    '4e14bfe9fce7416ac398bd361c45194beae60d0e258bc01600e7c6df21a71b3b' +
    '43198c9de9a26f807b4cda404541d44b1fc2d5f3b66ea78ac3a66780b4f3ee16'
  const signature = readSignature(text, zig)
  expect(signature.prehashed).toBe(true)
  signature.check(Buffer.from(digest, 'hex'))
  expect(() => signature.check(Buffer.from(digest.replace('4e', '4f'), 'hex'))).toThrow('not of these bytes')
  const older = {...zig, file: 'zig-x86_64-linux-0.16.0.tar.xz'}
  expect(() => readSignature(text, older)).toThrow('it is of "zig-x86_64-linux-0.15.1.tar.xz"')
})

test.each([true, false])('of the hash of a file: %s', prehashed => {
  const signature = readSignature(signer.sign(bytes, {file, prehashed}), {publicKey, url, file})
  expect(signature.prehashed).toBe(prehashed)
  const message = (of: Uint8Array) => (prehashed ? blake(of) : of)
  signature.check(message(bytes))
  expect(() => signature.check(message(Buffer.from('another')))).toThrow('not of these bytes')
})

test('line ends of Windows and a mark at the start do no harm', () => {
  const text = `\uFEFF${signer.sign(bytes, {file}).replaceAll('\n', '\r\n')}`
  readSignature(text, {publicKey, url, file}).check(blake(bytes))
})

describe('is refused', () => {
  const good = signer.sign(bytes, {file})
  const [first = '', body = '', comment = '', seal = ''] = good.split('\n')
  test.each([
    ['an empty file', '', 'no signature'],
    ['a web page', '<html>\n<body>\nx\ny', 'no signature'],
    ['a signature without a seal', [first, body, comment].join('\n'), 'no signature'],
    [
      'a comment that was changed',
      signer.sign(bytes, {file: 'old.tar.gz', comment: `file:${file}`}),
      'comment is not signed',
    ],
    ['a comment that names no file', signer.sign(bytes, {}), 'names no file'],
    [
      'a signature of another file',
      signer.sign(bytes, {file: 'ore-0.9.0.tar.gz'}),
      'it is of "ore-0.9.0.tar.gz"',
    ],
    ['a signature by another key', createSigner().sign(bytes, {file}), 'another key'],
    ['an unknown algorithm', [first, `WG${body.slice(2)}`, comment, seal].join('\n'), 'algorithm'],
    ['a megabyte of junk', 'x'.repeat(1e6), 'no signature'],
  ])('%s', (_what, text, why) => {
    expect(() => readSignature(text, {publicKey, url, file})).toThrow(why)
    try {
      readSignature(text, {publicKey, url, file})
    } catch (error) {
      expect(error).toMatchObject({code: 'SIGNATURE_INVALID', exitCode: 6})
    }
  })
})
