import fc from 'fast-check'
import {expect, test} from 'vitest'
import {createLogger} from '../../src/base/log.ts'
import {removePin, setPin} from '../../src/pin/edit.ts'
import {parsePinText} from '../../src/pin/parse.ts'
import {printPinFile} from '../../src/pin/print.ts'
import type {Specs} from '../../src/pin/types.ts'
import {parseSpec, type VersionSpec} from '../../src/version/spec.ts'

const parse = (text: string) =>
  parsePinText(text, '/app/.toolversion', {
    defaultToolchain: () => 'typescript',
    log: createLogger('error', () => {}),
    cwd: '/app',
  })

const specs = (...texts: string[]) => texts.map(parseSpec) as VersionSpec[] as unknown as Specs
const set = (text: string, toolchain: string, ...versions: string[]) =>
  printPinFile(setPin(parse(text), toolchain, specs(...versions)))

test.each([
  ['', 'typescript 5.9.3\n'],
  ['esbuild 0.28\n', 'esbuild 0.28\ntypescript 5.9.3\n'],
  ['esbuild 0.28', 'esbuild 0.28\ntypescript 5.9.3\n'],
  ['esbuild 0.28\r\n', 'esbuild 0.28\r\ntypescript 5.9.3\r\n'],
  ['# ours\n\ntypescript 5.8 # old\nesbuild 0.28\n', '# ours\n\ntypescript 5.9.3 # old\nesbuild 0.28\n'],
  ['  typescript\t\t5.8   5.7   # old\r\n', '  typescript\t\t5.9.3   # old\r\n'],
  ['typescript@5.8\n', 'typescript@5.9.3\n'],
  ['typescript ">=5 <6" # a "#" b\n', 'typescript 5.9.3 # a "#" b\n'],
  ['5.8\n', 'typescript 5.9.3\n'],
  ['5.8 # bare\n', 'typescript 5.9.3 # bare\n'],
  ['esbuild    0.28\nsass       1.0\n', 'esbuild    0.28\nsass       1.0\ntypescript 5.9.3\n'],
  ['typescript 5.8\ntypescript 5.7\n', 'typescript 5.9.3\ntypescript 5.7\n'],
  ['\uFEFFtypescript 5.8\n', '\uFEFFtypescript 5.9.3\n'],
  ['typescript 5.8', 'typescript 5.9.3'],
])('%j becomes %j', (before, after) => {
  expect(set(before, 'typescript', '5.9.3')).toBe(after)
})

test('what needs quotes has them, and fallbacks stand side by side', () => {
  expect(set('typescript@5.8 # x\n', 'typescript', '>=5.8 <6', '5.7')).toBe('typescript ">=5.8 <6" 5.7 # x\n')
})

test('a toolchain is taken out with its lines alone', () => {
  const text = '# ours\ntypescript 5.9 # a\nesbuild 0.28\n5.8\n'
  expect(printPinFile(removePin(parse(text), 'typescript'))).toBe('# ours\nesbuild 0.28\n')
  expect(printPinFile(removePin(parse(text), 'sass'))).toBe(text)
})

test('what was set is read, and every other line is as it was', () => {
  const word = fc.constantFrom('typescript', 'esbuild', 'sass')
  const spec = fc.constantFrom('1.2.3', '^5', '">=1 <2"', 'latest', 'system')
  const line = fc.oneof(
    fc
      .tuple(word, fc.constantFrom(' ', '\t', '   ', '@'), spec, fc.constantFrom('', ' # x', '\t#y "z'))
      .map(parts => parts.join('')),
    fc.constantFrom('', '   ', '# typescript 1', '5.8'),
  )
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), {maxLength: 6})
    .map(lines => lines.flat().join(''))
  fc.assert(
    fc.property(
      text,
      word,
      fc.constantFrom('7.0.2', '>=2 <3', 'path:../x y'),
      (before, toolchain, version) => {
        const file = parse(before)
        const after = parse(printPinFile(setPin(file, toolchain, specs(version))))
        expect(after.pins.find(pin => pin.toolchain === toolchain)?.specs.map(({text}) => text)).toEqual([
          version,
        ])
        const others = ({lines}: typeof file) =>
          lines.filter(({pin}) => pin?.toolchain !== toolchain).map(({text, end}) => text + end)
        expect(others(after)).toEqual(others(file))
      },
    ),
  )
})
