import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {execa} from 'execa'
import {describe, expect, test} from 'vitest'
import {badTypescript, badTypescriptMarks} from '../support/bad-typescript.ts'
import {tsc7Program} from '../support/compilers.ts'
import {brief, diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'

const root = badTypescript
const syntaxRoot = join(outputFolder, 'bad-typescript-syntax')
const reader = {format: 'typescript'} as const

describe.each(['5.9.3', '7.0.2'])('tsc %s', version => {
  test('--pretty: every range is exact', () => {
    const messages = interpretAll(recorded(`typescript-${version}-pretty.txt`), reader, root)
    expect(diagnosticsOf(messages).map(diagnostic => brief(diagnostic, root))).toEqual(badTypescriptMarks)
  })

  test('plain: the same diagnostics, each at its beginning', () => {
    const plain = diagnosticsOf(interpretAll(recorded(`typescript-${version}-plain.txt`), reader, root))
    const pretty = diagnosticsOf(interpretAll(recorded(`typescript-${version}-pretty.txt`), reader, root))
    const strip = pretty.map(({relatedInformation: _, range, ...rest}) => ({
      ...rest,
      range: {start: range.start, end: range.start},
    }))
    expect(plain).toEqual(strip)
  })

  test('a message keeps its further lines', () => {
    const all = diagnosticsOf(interpretAll(recorded(`typescript-${version}-pretty.txt`), reader, root))
    expect(all.find(({code}) => code === 'TS2416')?.message).toBe(
      "Property 'kind' in type 'C' is not assignable to the same property in base type 'Shape'.\n  Type 'number' is not assignable to type 'string'.",
    )
  })

  test('what is related has its own place and message', () => {
    const all = diagnosticsOf(interpretAll(recorded(`typescript-${version}-pretty.txt`), reader, root))
    expect(all.find(({code}) => code === 'TS2554')).toMatchObject({
      severity: 1,
      source: 'compiler',
      toolchain: 'compiler',
      message: 'Expected 1 arguments, but got 0.',
      relatedInformation: [
        {
          location: {
            uri: pathToFileURL(join(root, 'a.ts')).href,
            range: {start: {line: 6, character: 18}, end: {line: 6, character: 27}},
          },
          message: "An argument for 'x' was not provided.",
        },
      ],
    })
    expect(all.find(({code}) => code === 'TS2300')?.relatedInformation?.[0]?.location.uri).toBe(
      pathToFileURL(join(root, 'second.ts')).href,
    )
  })

  test('a span without width has an empty range, also at the end of a file', () => {
    const all = diagnosticsOf(interpretAll(recorded(`typescript-${version}-syntax.txt`), reader, syntaxRoot))
    expect(all.map(diagnostic => brief(diagnostic, syntaxRoot))).toEqual([
      'tsconfig.json:9:4-9:19 TS5023 "unknownOption"',
      'unclosed.ts:1:0-1:0 TS1005 ',
    ])
    expect(all[1]?.relatedInformation).toMatchObject([
      {message: "The parser expected to find a '}' to match the '{' token here."},
    ])
  })

  test('an error without a file is about the root folder', () => {
    expect(
      diagnosticsOf(interpretAll(recorded(`typescript-${version}-global.txt`), reader, root)),
    ).toMatchObject([
      {
        uri: `${pathToFileURL(root).href}/`,
        code: 'TS5023',
        message: "Unknown compiler option '--foo'.",
        range: {start: {line: 0, character: 0}, end: {line: 0, character: 0}},
      },
    ])
  })
})

test('the compiler that is here says what was recorded', async () => {
  const options = {cwd: root, reject: false, stdin: 'ignore'} as const
  const {stdout, exitCode} = await execa(tsc7Program.file, ['--pretty'], options)
  expect(exitCode).toBe(1)
  expect(
    diagnosticsOf(interpretAll(stdout, reader, root)).map(diagnostic => brief(diagnostic, root)),
  ).toEqual(badTypescriptMarks)
})

test('an error is told as soon as the next one begins, the last one with the summary', () => {
  const text = 'a.ts(1,2): error TS1: one\nb.ts(3,4): error TS2: two\n\nFound 2 errors in 2 files.\n'
  const [first, second] = [
    interpretAll(`${text.split('\n')[0]}\n`, reader, root),
    interpretAll(text, reader, root),
  ]
  expect(diagnosticsOf(first)).toHaveLength(1)
  expect(diagnosticsOf(second)).toHaveLength(2)
})

test('a watching compiler replaces what it said before', () => {
  const run = (errors: string) =>
    `12:00:00 - File change detected. Starting incremental compilation...\n\n${errors}\n12:00:01 - Found 1 error. Watching for file changes.\n\n`
  const two = 'a.ts(1,1): error TS1: one\nb.ts(1,1): error TS2: two\n'
  expect(diagnosticsOf(interpretAll(run(two), reader, root)).map(({message}) => message)).toEqual([
    'one',
    'two',
  ])
  const fixed = run(two) + run('b.ts(1,1): error TS2: two again\n')
  expect(diagnosticsOf(interpretAll(fixed, reader, root)).map(({message}) => message)).toEqual(['two again'])
  expect(diagnosticsOf(interpretAll(fixed + run(''), reader, root))).toEqual([])
})

test('code that looks like an error is no error', () => {
  const text = [
    'a.ts:7:1 - error TS1005: first',
    '',
    '7 b.ts:1:1 - error TS9999: not one',
    '  ~~~~',
    '',
    'Files: 3',
    '  c.ts:1:2',
  ].join('\n')
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([{code: 'TS1005', message: 'first'}])
})

test('a frame is over with its blank line, whatever comes then', () => {
  const text = [
    'a.ts:7:1 - error TS1005: first',
    '',
    '7 f()',
    '  ~',
    '',
    '8 files were read',
    'b.ts:1:1 - error TS1006: second',
  ].join('\n')
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([{code: 'TS1005'}, {code: 'TS1006'}])
})

test('a flood under one message stays bounded', () => {
  const text = `a.ts(1,1): error TS1: first\n${`  ${'x'.repeat(50_000)}\n`.repeat(400)}`
  const [diagnostic] = diagnosticsOf(interpretAll(text, reader, root))
  expect(String(diagnostic?.message).length).toBeLessThan(2_100_000)
})
