import {expect, test} from 'vitest'
import {splitAtCommand, splitAtDashes} from '../../src/cli/split-arguments.ts'

test('what follows the first -- is passed on', () => {
  expect(splitAtDashes(['esbuild', '--json', '--', '--minify', '--', 'x'])).toEqual({
    own: ['esbuild', '--json'],
    passedOn: ['--minify', '--', 'x'],
  })
  expect(splitAtDashes(['esbuild'])).toEqual({own: ['esbuild'], passedOn: []})
})

test('a command and its flags are not ours', () => {
  expect(splitAtCommand(['--quiet', '-C', 'dir', 'tsc', '--quiet'])).toEqual({
    own: ['--quiet', '-C', 'dir'],
    rest: ['tsc', '--quiet'],
  })
  expect(splitAtCommand(['--', 'tsc'])).toEqual({own: [], rest: ['--', 'tsc']})
})
