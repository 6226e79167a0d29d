import {expect, test} from 'vitest'
import {Exit, errnoOf, redact, UserError, withoutCredentials} from '../../src/base/errors.ts'

test('credentials in URLs never reach a message, a hint or a log', () => {
  const error = new UserError({
    code: 'X',
    message: 'GET https://me:secret@registry.example/pkg?token=abc&page=2 failed',
    hint: 'see http://user@host/',
    exitCode: Exit.network,
  })
  expect(error.message).toBe('GET https://***@registry.example/pkg?token=***&page=2 failed')
  expect(error.hint).toBe('see http://***@host/')
})

test.each([
  ['https://user:p@ss@host/x', 'https://***@host/x'],
  ['https://user:p@ss@host', 'https://***@host'],
  ['https://a@b@c/x@1 and http://d:e@f/@g/h', 'https://***@c/x@1 and http://***@f/@g/h'],
  ['https://host?mail=me@home', 'https://host?mail=me@home'],
  ['https://host#me@home', 'https://host#me@home'],
])('redacted, %s is %s', (text, expected) => {
  expect(redact(text)).toBe(expected)
})

test.each([
  ['https://me:secret@r.example/x?token=abc', 'https://r.example/x?token=***'],
  ['https://me:s@cret@r.example/x', 'https://r.example/x'],
  ['https://r.example/@a%2fb', 'https://r.example/@a%2fb'],
  ['file:///home/me/x.tgz', 'file:///home/me/x.tgz'],
  ['no url', 'no url'],
])('to be kept, %s is %s', (url, expected) => {
  expect(withoutCredentials(url)).toBe(expected)
})

test('redaction leaves ordinary text alone', () => {
  const text = 'typescript@5.9.3 from https://registry.example/@esbuild/linux-x64?write=true'
  expect(redact(text)).toBe(text)
})

test('errnoOf reads system errors only', () => {
  expect(errnoOf(Object.assign(new Error('x'), {code: 'ENOENT'}))).toBe('ENOENT')
  expect(errnoOf(Object.assign(new Error('x'), {code: 5}))).toBeUndefined()
  expect(errnoOf('ENOENT')).toBeUndefined()
})
