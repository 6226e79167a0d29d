import fc from 'fast-check'
import {expect, test} from 'vitest'
import {createLogger} from '../../src/base/log.ts'
import {parsePinText} from '../../src/pin/parse.ts'
import {printPin, printPinFile} from '../../src/pin/print.ts'
import type {Specs} from '../../src/pin/types.ts'
import {isToolchainName} from '../../src/toolchain/name.ts'
import {parseSpec, type VersionSpec} from '../../src/version/spec.ts'
import {ranges, semvers} from '../support/versions.ts'

const parse = (text: string) =>
  parsePinText(text, '/app/.toolversion', {
    defaultToolchain: () => 'typescript',
    log: createLogger('error', () => {}),
    cwd: '/',
  })

const spec = fc
  .oneof(
    semvers,
    ranges,
    fc.constantFrom('latest', 'lts/iron', 'system', 'path:../a b', 'path:#x', 'v5.9.3', '1.8.0_292'),
  )
  .map(text => parseSpec(text))
  .filter((parsed): parsed is VersionSpec => parsed.kind !== 'problem')
const specs = fc
  .array(spec, {minLength: 1, maxLength: 3})
  .map(([first, ...rest]): Specs => [first as VersionSpec, ...rest])
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter(isToolchainName)
const comment = fc.constantFrom('', ' # why "not"', '\t#', '   ')
const end = fc.constantFrom('\n', '\r\n')

/** Lines with what they pin, and between them lines that pin nothing. */
const line = fc.oneof(
  fc.record({pins: fc.tuple(name, specs), comment, end}),
  fc.record({pins: fc.constant(undefined), comment: fc.constantFrom('', '# note', ' \t', '  # 5.9.3'), end}),
)
const wholeFile = fc.record({
  mark: fc.constantFrom('', '\uFEFF'),
  lines: fc.array(line, {maxLength: 8}),
  cut: fc.boolean(),
})

test('a file is read as what it was printed from, and printed as what it was read from', () => {
  fc.assert(
    fc.property(wholeFile, ({mark, lines, cut}) => {
      const text =
        mark + lines.map(({pins, comment, end}) => (pins ? printPin(...pins) : '') + comment + end).join('')
      const written = cut ? text.replace(/\r?\n$/, '') : text
      const read = parse(written)
      const expected = lines.flatMap(({pins}, index) =>
        pins ? [{toolchain: pins[0], specs: pins[1], line: index + 1}] : [],
      )
      expect(
        read.lines.flatMap(({pin}) =>
          pin?.origin.kind === 'file'
            ? [{toolchain: pin.toolchain, specs: pin.specs, line: pin.origin.line}]
            : [],
        ),
      ).toEqual(expected)
      expect(printPinFile(read)).toBe(written)
    }),
    {numRuns: 1000},
  )
})

test('any text that can be read is printed as it was', () => {
  const unit = fc.constantFrom(
    'a',
    '5',
    '.',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '#',
    '"',
    '@',
    '^',
    '<',
    'x 1\n',
    'latest',
    'é',
    '\uFEFF',
  )
  fc.assert(
    fc.property(fc.string({unit}), text => {
      let file: ReturnType<typeof parse>
      try {
        file = parse(text)
      } catch (error) {
        expect(error).toHaveProperty('code', expect.stringMatching(/^PIN_/))
        return
      }
      expect(printPinFile(file)).toBe(text)
    }),
    {numRuns: 5000},
  )
})
