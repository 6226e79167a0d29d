import {expect, test} from 'vitest'
import {UserError} from '../../src/base/errors.ts'
import {createLogger} from '../../src/base/log.ts'
import {parsePinText} from '../../src/pin/parse.ts'
import {printSpecs} from '../../src/pin/print.ts'

function parse(text: string, defaultToolchain = 'typescript') {
  const warnings: string[] = []
  const log = createLogger('warning', line => warnings.push(line))
  const options = {defaultToolchain: () => defaultToolchain, log, cwd: '/home/me'}
  const file = parsePinText(text, '/home/me/app/.toolversion', options)
  const pins = file.pins.map(({toolchain, specs}) => `${toolchain} ${printSpecs(specs)}`)
  return {file, pins, warnings}
}

test('the example of the design', () => {
  const {pins, warnings, file} = parse(`typescript 5.9.3
esbuild    ^0.28        # a range; in quotes if it has blanks: ">=0.27 <0.29"
sass       1.108 1.107  # fallbacks
`)
  expect(pins).toEqual(['typescript 5.9.3', 'esbuild ^0.28', 'sass 1.108 1.107'])
  expect(warnings).toEqual([])
  expect(file.pins[1]).toMatchObject({
    origin: {kind: 'file', path: '/home/me/app/.toolversion', line: 2},
    baseDirectory: '/home/me/app',
    specs: [{kind: 'range', range: '^0.28'}],
  })
})

test.each([
  ['no last newline', 'typescript 5.9.3', ['typescript 5.9.3']],
  ['CRLF', 'typescript 5.9.3\r\nesbuild 0.28\r\n', ['typescript 5.9.3', 'esbuild 0.28']],
  ['CRLF without the last LF', 'typescript 5.9.3\r', ['typescript 5.9.3']],
  ['a byte order mark', '\uFEFFtypescript 5.9.3\n', ['typescript 5.9.3']],
  ['a byte order mark and a bare spec', '\uFEFF5.9.3', ['typescript 5.9.3']],
  ['nothing', '', []],
  ['only blanks, comments and empty lines', '\n  \t\n# all\n   # indented\r\n', []],
  ['tabs and leading blanks', '\t typescript\t5.9.3 \t', ['typescript 5.9.3']],
  ['a comment right after the blank', 'typescript 5.9.3 #old', ['typescript 5.9.3']],
  ['a # inside quotes', 'sass "path:../a #1"', ['sass "path:../a #1"']],
  ['a quoted range', 'esbuild ">=0.27 <0.29"', ['esbuild ">=0.27 <0.29"']],
  ['quotes that are not needed', 'esbuild "0.28"', ['esbuild 0.28']],
  ['name@spec', 'esbuild@^0.28', ['esbuild ^0.28']],
  ['name@spec with quotes', 'esbuild@">=0.27 <0.29"', ['esbuild ">=0.27 <0.29"']],
  ['name@spec with fallbacks', 'sass@1.108 1.107', ['sass 1.108 1.107']],
  ['fallbacks of all kinds', 'sass "^1 || ^2" 1.107 latest system', ['sass "^1 || ^2" 1.107 latest system']],
  ['one comparator alone', 'esbuild >=0.27', ['esbuild ">=0.27"']],
  ['alternatives in one word', 'esbuild 0.27||0.28', ['esbuild 0.27||0.28']],
  ['a channel after the name', 'typescript beta', ['typescript beta']],
  ['a channel with a slash', 'node lts/iron', ['node lts/iron']],
  ['v before the number', 'typescript v5.9.3', ['typescript v5.9.3']],
  ['a path', 'typescript path:../dist', ['typescript path:../dist']],
  ['a name with digits and hyphens', 'a-1b 2', ['a-1b 2']],
  [
    'a name that only begins like a reserved word',
    'latest-thing 1\npathology 2',
    ['latest-thing 1', 'pathology 2'],
  ],
])('%s', (_, text, pins) => {
  expect(parse(text).pins).toEqual(pins)
})

test.each([
  '5.9.3',
  'v5',
  '^5.9',
  '~5.9',
  '<6',
  '=5.9.3',
  '>=5',
  '*',
  '">=5 <6"',
  'latest',
  'next',
  'lts',
  'system',
  'path:x',
])('the bare spec %s pins the default toolchain', text => {
  expect(parse(text, 'sass').pins).toEqual([`sass ${/^[<>]/.test(text) ? `"${text}"` : text}`])
})

test('bare fallbacks', () => {
  expect(parse('5.9.3 5.8 system').pins).toEqual(['typescript 5.9.3 5.8 system'])
})

test('the default toolchain is asked only for bare specs', () => {
  const log = createLogger('error', () => {})
  const defaultToolchain = () => {
    throw new Error('asked')
  }
  expect(() => parsePinText('sass 1\n', '/x', {defaultToolchain, log, cwd: '/'})).not.toThrow()
})

test('a toolchain named twice: the first line counts, with a warning', () => {
  const {pins, warnings} = parse('5.9.3\nesbuild 1\ntypescript 5.8\n')
  expect(pins).toEqual(['typescript 5.9.3', 'esbuild 1'])
  expect(warnings).toEqual(['app/.toolversion:3: typescript is pinned twice; app/.toolversion:1 counts'])
})

test.each([
  ['typescript', 'PIN_WITHOUT_VERSION', 'typescript latest'],
  ['typescript # 5.9.3', 'PIN_WITHOUT_VERSION', 'typescript latest'],
  ['typescript@', 'PIN_WITHOUT_VERSION', 'typescript latest'],
  ['beta', 'PIN_WITHOUT_VERSION', 'beta latest'],
  ['-', 'PIN_WITHOUT_VERSION', 'latest'],
  ['lts/iron', 'PIN_WITHOUT_VERSION', 'latest'],
  ['esbuild >=0.27 <0.29', 'PIN_RANGE_UNQUOTED', 'write: esbuild ">=0.27 <0.29"'],
  ['esbuild 0.27 <0.29', 'PIN_RANGE_UNQUOTED', 'write: esbuild "0.27 <0.29"'],
  ['esbuild ^0.27 || ^0.28', 'PIN_RANGE_UNQUOTED', 'write: esbuild "^0.27 || ^0.28"'],
  ['esbuild 0.27 - 0.28', 'PIN_RANGE_UNQUOTED', 'write: esbuild "0.27 - 0.28"'],
  ['esbuild >= 0.27', 'PIN_RANGE_UNQUOTED', 'write: esbuild ">= 0.27"'],
  ['>=5 <6', 'PIN_RANGE_UNQUOTED', 'write: ">=5 <6"'],
  ['Typescript 5.9.3', 'PIN_NAME_INVALID', 'write the name as typescript'],
  ['type_script ">=5 <6"', 'PIN_NAME_INVALID', 'write the name as type-script'],
  ['@scope/x 1', 'PIN_NAME_INVALID', 'small letter'],
  ['latest@5', 'PIN_NAME_INVALID', 'small letter'],
  ['path 1', 'PIN_SPEC_INVALID', 'path:DIR'],
  ['typescript 5.9.3#old', 'PIN_SPEC_INVALID', 'blank before the #'],
  ["typescript '5.9.3'", 'PIN_SPEC_INVALID', 'quote ranges with "'],
  ['typescript 5.9 esbuild@0.28', 'PIN_SPEC_INVALID', 'one toolchain a line'],
  ['typescript ""', 'PIN_SPEC_INVALID', '5.9.3'],
  ['typescript ^', 'PIN_SPEC_INVALID', '"'],
  ['typescript ../../evil', 'PIN_VERSION_UNSAFE', 'path:DIR'],
  ['typescript 5.9.3/x', 'PIN_VERSION_UNSAFE', 'path:DIR'],
  ['typescript 5..9', 'PIN_VERSION_UNSAFE', 'path:DIR'],
  ['esbuild ">=0.27', 'PIN_QUOTE_INVALID', '" after'],
  ['esbuild ">=0.27"x', 'PIN_QUOTE_INVALID', 'whole version'],
  ['esbuild >="0.27"', 'PIN_QUOTE_INVALID', 'whole version'],
  ['typescript 5.9.3\u0007', 'PIN_CHARACTER_INVALID', 'typescript 5.9.3'],
  ['typescript\r 5.9.3', 'PIN_CHARACTER_INVALID', 'typescript 5.9.3'],
])('%j is %s, with what to write instead', (line, code, hint) => {
  expect(() => parse(`# first\n${line}\n`)).toThrow(
    expect.objectContaining({
      code,
      exitCode: 3,
      message: expect.stringContaining('(app/.toolversion:2)'),
      hint: expect.stringContaining(hint),
    }),
  )
})

test.each(['esbuild >=0.27 <0.29', 'esbuild 1 || 2', 'esbuild 1 - 2', '>= 5', 'a < b', '5 |'])(
  'the line that the hint for %s gives can be read',
  line => {
    const hint = hintOf(() => parse(line))
    expect(parse(hint.replace(/^write: /, '')).pins).toHaveLength(1)
  },
)

function hintOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.hint ?? ''
    throw error
  }
  return expect.unreachable()
}
