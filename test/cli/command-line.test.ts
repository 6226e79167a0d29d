import {expect, test} from 'vitest'
import {type CommandLines, parseCommandLine} from '../../src/cli/command-line.ts'

const common = {
  json: {type: 'boolean'},
  quiet: {type: 'boolean'},
  directory: {type: 'option', char: 'C'},
} as const

const lines: CommandLines = {
  which: {flags: common, least: 1, most: 1},
  current: {flags: common, least: 0, most: 0},
  exec: {
    flags: {...common, install: {type: 'boolean', allowNo: true}},
    least: 0,
    most: null,
    wordsEndFlags: true,
  },
  build: {flags: {...common, format: {type: 'option', options: ['pretty', 'json']}}, least: 0, most: 1},
  toolchains: {flags: common, least: 0, most: 0},
  'toolchains:check': {flags: common, least: 1, most: 1},
}

test.each([
  [['which', 'tsc'], {id: 'which', words: ['tsc'], flags: {}}],
  [['which', '-C', 'app', '--quiet', 'tsc'], {words: ['tsc'], flags: {directory: 'app', quiet: true}}],
  [['which', 'tsc', '--json'], {words: ['tsc'], flags: {json: true}}],
  [['-C', 'app', 'current'], {id: 'current', flags: {directory: 'app'}}],
  [['current', '--directory=a=b'], {flags: {directory: 'a=b'}}],
  [['build', '-'], {words: ['-']}],
  [['build', '--format', 'json'], {flags: {format: 'json'}}],
  [['exec', 'tsc', '--help', '-C', 'x'], {words: ['tsc', '--help', '-C', 'x'], flags: {}}],
  [['exec', '--no-install', 'tsc'], {words: ['tsc'], flags: {install: false}}],
  [['exec', '--', 'tsc', '--', 'x'], {words: ['--', 'tsc', '--', 'x']}],
  [['toolchains'], {id: 'toolchains'}],
])('%o is plain', (argv, expected) => {
  expect(parseCommandLine(argv, lines)).toMatchObject(expected)
})

test.each([
  [[]],
  [['nonsense']],
  [['toString']],
  [['--help']],
  [['which']],
  [['which', 'tsc', 'esbuild']],
  [['which', '--help']],
  [['which', '-C']],
  [['which', '-C', '']],
  [['which', '-C', '--json', 'tsc']],
  [['which', '--json', '--json', 'tsc']],
  [['which', '--json=yes', 'tsc']],
  [['which', '--no-json', 'tsc']],
  [['which', '--', 'tsc']],
  [['current', 'x']],
  [['build', '--format', 'xml']],
  [['exec', '--nonsense', 'tsc']],
  [['exec', '--toString', 'tsc']],
  [['toolchains', 'check', 'x.json']],
])('%o is left to the framework', argv => {
  expect(parseCommandLine(argv, lines)).toBeUndefined()
})
