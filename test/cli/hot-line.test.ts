import {expect, test} from 'vitest'
import {parseHot} from '../../src/cli/hot-line.ts'

test.each([
  [['which', 'tsc'], {verb: 'which', words: ['tsc']}],
  [['which', '-C', 'app', '--quiet', 'tsc'], {verb: 'which', words: ['tsc'], directory: 'app', quiet: true}],
  [['current'], {verb: 'current', words: []}],
  [['exec', 'tsc', '--help', '-C', 'x'], {verb: 'exec', words: ['tsc', '--help', '-C', 'x'], install: true}],
  [['exec', '--no-install', 'tsc'], {verb: 'exec', words: ['tsc'], install: false}],
  [['exec', '--', 'tsc', '--', 'x'], {verb: 'exec', words: ['--', 'tsc', '--', 'x']}],
])('%o runs at once', (argv, expected) => {
  expect(parseHot(argv)).toMatchObject(expected)
})

test.each([
  [[]],
  [['install']],
  [['--help']],
  [['which']],
  [['which', 'tsc', 'esbuild']],
  [['which', '--help']],
  [['which', 'tsc', '--json']],
  [['which', '-C']],
  [['current', 'x']],
  [['current', '--json']],
  [['exec']],
  [['exec', '--help']],
  [['exec', '--nonsense', 'tsc']],
])('%o is left to the framework', argv => {
  expect(parseHot(argv)).toBeUndefined()
})
