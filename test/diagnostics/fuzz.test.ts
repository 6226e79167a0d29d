import fc from 'fast-check'
import {expect, test} from 'vitest'
import {createInterpreter} from '../../src/diagnostics/interpreter.ts'
import type {DiagnosticsReaderDefinition} from '../../src/model/definition.ts'
import {workerMessages} from '../../src/model/protocol.ts'
import {localPath} from '../../src/model/uri.ts'

const root = '/somewhere/app'
const pattern =
  '^(?<file>.*?)[(:](?<line>[^:,]+)[:,](?<column>[^:)]+)\\)?(?:-(?<endLine>\\S+):(?<endColumn>\\S+?))?: (?<message>.*)$'
const readers: DiagnosticsReaderDefinition[] = [
  {format: 'typescript'},
  {format: 'esbuild'},
  {pattern},
  {format: 'sass'},
  {format: 'elm'},
  {format: 'rescript'},
  {format: 'buf'},
  {format: 'bun'},
]

/** What the reader makes of a whole output; fails if any of it is no message of the protocol. */
function read(reader: DiagnosticsReaderDefinition, lines: readonly string[]) {
  const interpreter = createInterpreter(reader, {root, toolchain: 'compiler'})
  const said = [
    ...lines.flatMap((line, index) => interpreter.line(index % 7 === 6 ? 'stderr' : 'stdout', line)),
    ...interpreter.end({code: 1, signal: null}),
  ]
  for (const {method, params} of said) {
    expect(workerMessages[method].safeParse(params)).toMatchObject({success: true})
    if (method !== 'diagnostics/publish') throw new Error(`a reader of diagnostics said ${method}`)
    const {uri, diagnostics} = params
    const related = diagnostics.flatMap(({relatedInformation = []}) => relatedInformation)
    for (const one of [uri, ...related.map(({location}) => location.uri)]) {
      expect([one, localPath(one)]).toEqual([one, expect.any(String)])
    }
    for (const {start, end} of diagnostics.map(({range}) => range)) {
      expect(end.line > start.line || (end.line === start.line && end.character >= start.character)).toBe(
        true,
      )
    }
  }
  return said
}

test.each([
  ['file://host/a.ts(1,7): error TS2322: nope.', 0],
  ['file://host/a.ts:1:7 - error TS2322: nope.', 0],
  ['file:///a%2Fb.ts(1,7): error TS2322: nope.', 0],
  ['file:///a%zz.ts(1,7): error TS2322: nope.', 0],
  ['a\0b.ts(1,7): error TS2322: nope.', 0],
  ['a.ts(99999999999999999999,99999999999999999999): error TS2322: nope.', 0],
  ['✘ [ERROR] nope\n\n    file://host/a.ts:1:2:\n', 1],
  ['✘ [ERROR] nope\n\n    /dev/zero:1:2:\n', 1],
  ['✘ [ERROR] nope\n\n    a.ts:99999999999999999999:99999999999999999999:\n      1 │ x\n        ╵ ^', 1],
  ['a.ts:-5:1e20: nope', 2],
  ['a.ts:x:-1-NaN:1.5: nope', 2],
  ['Error: nope\n  ╷\n1 │ x\n  │ ^\n  ╵\n  file://host/a.scss 1:2  root stylesheet', 3],
  ['Error: nope\n    /dev/zero 99999999999999999999:99999999999999999999  root stylesheet', 3],
  ['Error: nope\n  ┌──> /dev/zero\n99999999999999999999 │ x\n  │ ━ that\n  ╵\n  a 1:2  x', 3],
  ['{"type":"error","path":"file://host/a","title":5,"message":{"string":6}}', 4],
  [
    '{"type":"compile-errors","errors":[{"path":"/dev/zero","problems":[{"region":{"start":{"line":-5,"column":1e300},"end":7}}]}]}',
    4,
  ],
  ['  Syntax error!\n  C:\\a.res:99999999999999999999:0-0:99999999999999999999', 5],
  ['{"path":"/dev/zero","start_line":1e20,"start_column":-1,"end_line":null,"message":"nope"}', 6],
  ['error: nope\n    at C:\\a.ts:99999999999999999999:0', 7],
])('%j is read without harm', (text, index) => {
  const reader = readers[index]
  if (!reader) throw new Error('no such reader')
  expect(read(reader, text.split('\n'))).toHaveLength(1)
})

const number = fc.oneof(
  fc.nat(30).map(String),
  fc.constantFrom(
    '0',
    '-1',
    '007',
    '2147483648',
    '9007199254740993',
    '99999999999999999999',
    '1e20',
    'NaN',
    '1.5',
  ),
  fc.string({unit: fc.constantFrom('0', '9'), maxLength: 400}),
)
const path = fc.oneof(
  fc.constantFrom(
    'a.ts',
    'src/ä.ts',
    '/x',
    '../..',
    'file:',
    'file://',
    'file:///',
    'file://h/a',
    'C:\\a.ts',
    '<stdin>',
  ),
  fc.constantFrom(
    'file:///%',
    'file:///a%2fb',
    '\0',
    '\ud800',
    '\udc00a',
    '//h/a',
    '#?',
    ' ',
    '\ufeff',
    '😀',
  ),
  fc.string({maxLength: 8}),
  fc.string({minLength: 3000, maxLength: 3000, unit: fc.constantFrom('ä', '/')}),
)
const word = fc.oneof(
  fc.constantFrom(
    'error',
    'warning',
    'message',
    'ERROR',
    'INFO',
    'TS2322',
    'TS',
    'Found 2 errors.',
    '[plugin x]',
  ),
  fc.constantFrom(
    '[watch] build started',
    '[watch] build finished',
    'root stylesheet',
    'configured as error',
    'Starting compilation in watch mode',
    '1 error',
  ),
  fc.constantFrom(
    '~~~',
    '~',
    '^',
    '│',
    '╵',
    '...',
    '\t',
    '\u001b[31m',
    '\0',
    '\ud83d',
    '\ufeff',
    ' - ',
    ': ',
    '(',
    ')',
    ',',
  ),
  fc.string({unit: 'binary', maxLength: 10}),
)
const sentence = fc.array(word, {maxLength: 4}).map(words => words.join(' '))
const place = fc.tuple(path, number, number)
const line = fc.oneof(
  fc
    .tuple(place, sentence)
    .map(([[file, at, column], text]) => `${file}(${at},${column}): error TS1: ${text}`),
  fc
    .tuple(place, sentence)
    .map(([[file, at, column], text]) => `${file}:${at}:${column} - error TS2: ${text}`),
  fc.tuple(place, sentence).map(([[file, at, column], text]) => `  ${file}:${at}:${column} - ${text}`),
  fc
    .tuple(place, place)
    .map(([[file, at, column], [, end, endColumn]]) => `${file}:${at}:${column}-${end}:${endColumn}: x`),
  fc.tuple(place).map(([[file, at, column]]) => `    ${file}:${at}:${column}:`),
  fc.tuple(fc.nat(8), number, sentence).map(([blanks, at, text]) => `${' '.repeat(blanks)}${at} ${text}`),
  fc.tuple(fc.nat(8), number, sentence).map(([blanks, at, text]) => `${' '.repeat(blanks)}${at} │ ${text}`),
  fc.tuple(fc.nat(12), fc.nat(12)).map(([blanks, marks]) => `${' '.repeat(blanks)}${'~'.repeat(marks)}`),
  fc
    .tuple(fc.nat(12), fc.nat(12))
    .map(([blanks, marks]) => `      ╵ ${' '.repeat(blanks)}${'~'.repeat(marks)}`),
  sentence.map(text => `✘ [ERROR] ${text}`),
  sentence.map(text => `▲ [WARNING] ${text} [some-code]`),
  sentence.map(text => `  ${text}`),
  fc
    .tuple(fc.constantFrom('Error', 'WARNING', 'DEPRECATION WARNING [x-y]', 'error', 'note'), sentence)
    .map(([kind, text]) => `${kind}: ${text}`),
  fc.constantFrom('  ╷', '  ,', '  ╵', "  '", '...', '  ┌──> a.scss', '  ,--> file://h/a'),
  fc.constantFrom(
    '  Syntax error!',
    "  We've found a bug for you!",
    '  Warning number 8 (configured as error)',
  ),
  fc
    .tuple(fc.nat(6), fc.constantFrom('│', '|'), fc.constantFrom('┌─', '└──', "'", ' ', '│ '), fc.nat(9))
    .map(([blanks, bar, corner, marks]) => `${' '.repeat(blanks)}${bar} ${corner}${'^'.repeat(marks)}`),
  fc.tuple(fc.nat(9), sentence).map(([marks, text]) => `  │ ${'━'.repeat(marks)} ${text}`),
  fc.tuple(place, sentence).map(([[file, at, column], text]) => `  ${file} ${at}:${column}  ${text}`),
  fc.tuple(place, place).map(([[file, at, column], [, end]]) => `  ${file}:${at}:${column}-${end}`),
  fc.tuple(place).map(([[file, at, column]]) => `    at ${file}:${at}:${column}`),
  fc.tuple(path, fc.jsonValue(), sentence).map(([file, value, message]) =>
    JSON.stringify({
      path: file,
      start_line: value,
      start_column: 3,
      end_line: value,
      end_column: value,
      message,
    }),
  ),
  fc.tuple(path, fc.jsonValue(), fc.jsonValue()).map(([file, value, message]) =>
    JSON.stringify({
      type: 'compile-errors',
      errors: [
        {path: file, problems: [{title: value, region: {start: value, end: {line: 3, column: 1}}, message}]},
      ],
    }),
  ),
  fc
    .tuple(path, fc.jsonValue())
    .map(([file, value]) => JSON.stringify({type: 'error', path: file, title: value, message: value})),
  fc.constantFrom('{', '{"path":"a","message":"x…', '"}'),
  sentence,
  fc.constant(''),
)

test.each(readers.map(reader => [JSON.stringify(reader), reader] as const))(
  '%s: whatever is printed, nothing is thrown and all that is said is valid',
  (_name, reader) => {
    fc.assert(
      fc.property(fc.array(line, {maxLength: 12}), lines => {
        read(reader, lines)
      }),
      {numRuns: 300},
    )
  },
)
