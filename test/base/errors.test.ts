import {expect, test} from 'vitest'
import {Exit, errnoOf, redact, UserError} from '../../src/base/errors.ts'

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

test('redaction leaves ordinary text alone', () => {
  const text = 'typescript@5.9.3 from https://registry.example/@esbuild/linux-x64?write=true'
  expect(redact(text)).toBe(text)
})

test('errnoOf reads system errors only', () => {
  expect(errnoOf(Object.assign(new Error('x'), {code: 'ENOENT'}))).toBe('ENOENT')
  expect(errnoOf(Object.assign(new Error('x'), {code: 5}))).toBeUndefined()
  expect(errnoOf('ENOENT')).toBeUndefined()
})
