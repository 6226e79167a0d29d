import {expect, test} from 'vitest'
import {Exit, UserError} from '../../src/base/errors.ts'
import {renderError, reportOf} from '../../src/cli/render-error.ts'

const plain = {color: false, stack: false}

test('a mistake of the person is said in one line, with what to do next', () => {
  const error = new UserError({
    code: 'NO_SUCH',
    message: 'there is none',
    hint: 'try another',
    exitCode: Exit.noSuchVersion,
  })
  expect(renderError(error, plain)).toBe('error NO_SUCH: there is none\n  try: try another')
  expect(reportOf(error)).toEqual({
    error: {code: 'NO_SUCH', message: 'there is none', hint: 'try another'},
    exitCode: 4,
  })
})

test('a mistake of ours has exit code 70, and a stack only where it was asked for', () => {
  const error = new TypeError('x is undefined at https://me:pw@host/')
  expect(reportOf(error)).toMatchObject({error: {code: 'BUG'}, exitCode: 70})
  expect(renderError(error, plain)).not.toContain('    at ')
  expect(renderError(error, {color: false, stack: true})).toContain('    at ')
  expect(renderError(error, {color: false, stack: true})).not.toContain('me:pw')
})

test('the framework’s usage errors get the same form', () => {
  const error = Object.assign(new Error('Nonexistent flag: --x\nSee more help with --help'), {
    oclif: {exit: 2},
  })
  expect(renderError(error, plain)).toBe(
    'error USAGE: Nonexistent flag: --x\n  try: add --help to see how the command is used',
  )
  expect(reportOf(error).exitCode).toBe(2)
})
