import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {build, type Message} from 'esbuild'
import {execa} from 'execa'
import {expect, test} from 'vitest'
import {esbuildProgram} from '../support/compilers.ts'
import {brief, diagnosticsOf, interpretAll, markedText, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-esbuild')
const reader = {format: 'esbuild'} as const
const uriOf = (file: string) => pathToFileURL(join(root, file)).href

test('file, range, code, severity and message of every kind', () => {
  const all = diagnosticsOf(interpretAll(recorded('esbuild-0.28.2.txt'), reader, root))
  const [nowhere, ...placed] = all
  expect(nowhere).toEqual({
    uri: `${pathToFileURL(root).href}/`,
    toolchain: 'compiler',
    source: 'compiler',
    severity: 1,
    range: {start: {line: 0, character: 0}, end: {line: 0, character: 0}},
    message: 'Could not resolve "nofile.ts"',
  })
  expect(placed.map(diagnostic => `${diagnostic.severity} ${brief(diagnostic, root)}`)).toEqual([
    '1 data.json:0:7-0:8 - ,',
    '1 data.json:0:10-0:11 - x',
    '1 long-line.ts:0:90-0:91 - d',
    "1 main.ts:2:7-2:15 - './gone'",
    "1 main.ts:3:7-3:21 - 'some-package'",
    "1 main.ts:4:24-4:31 - './tab'",
    "1 main.ts:4:58-4:68 - './nö😀pe'",
    '2 main.ts:5:17-5:18 duplicate-object-key a',
    '2 main.ts:6:4-6:7 equals-nan ===',
    "2 main.ts:7:12-7:17 impossible-typeof 'nul'",
    '2 main.ts:9:34-9:36 equals-negative-zero -0',
    '2 main.ts:10:21-10:25 duplicate-case case',
    '1 main.ts:11:7-11:8 - x',
    "2 main.ts:12:30-12:34 duplicate-object-key '😀'",
    '1 odd-lines.ts:0:19-0:20 - a',
    '1 odd-lines.ts:1:19-1:20 - b',
    '1 odd-lines.ts:2:19-2:20 - c',
    '1 odd-lines.ts:3:26-3:27 - d',
    '1 odd-lines.ts:4:11-4:12 - e',
    '2 style.css:0:4-0:8 unsupported-css-property colr',
    '2 style.css:1:0-1:0 css-syntax-error ',
    '1 syntax.ts:1:6-1:7 - a',
    '1 syntax.ts:3:9-3:10 - 1',
  ])
})

test('notes with a place are related, notes without one belong to the message', () => {
  const all = diagnosticsOf(interpretAll(recorded('esbuild-0.28.2.txt'), reader, root))
  expect(all.find(({code}) => code === 'duplicate-case')).toMatchObject({
    message: 'This case clause will never be evaluated because it duplicates an earlier case clause',
    relatedInformation: [
      {
        location: {
          uri: uriOf('main.ts'),
          range: {start: {line: 10, character: 13}, end: {line: 10, character: 17}},
        },
        message: 'The earlier case clause is here:',
      },
    ],
  })
  expect(all.find(({code}) => code === 'equals-nan')?.message).toMatch(
    /is always false\nFloating-point equality/,
  )
})

test('colours change nothing', () => {
  const [plain, coloured] = ['esbuild-0.28.2.txt', 'esbuild-0.28.2-color.txt'].map(name =>
    diagnosticsOf(interpretAll(recorded(name), reader, root)),
  )
  expect(coloured).toEqual(plain)
})

test('a mistake in its own arguments', () => {
  expect(diagnosticsOf(interpretAll(recorded('esbuild-0.28.2-global.txt'), reader, root))).toMatchObject([
    {uri: `${pathToFileURL(root).href}/`, message: 'Invalid transform flag: "--foo"'},
  ])
})

test('plugin and code come out of the headline', () => {
  const text =
    '✘ [ERROR] no such colour: [red] [plugin sass]\n\n    a.scss:1:2:\n      1 │ a {}\n        ╵   ^\n'
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([
    {code: 'plugin sass', message: 'no such colour: [red]', uri: uriOf('a.scss')},
  ])
})

test('a new build replaces the diagnostics of the one before', () => {
  const lines = recorded('esbuild-0.28.2-serve.txt').split('\n')
  const ends = lines.flatMap((line, index) => (line.startsWith('[watch] build finished') ? [index] : []))
  const standing = ends.map(end =>
    diagnosticsOf(interpretAll(lines.slice(0, end + 1).join('\n'), reader, root)).map(
      ({uri, severity}) => `${uri.split('/').at(-1)} ${severity}`,
    ),
  )
  expect(standing).toEqual([[], ['dyn.ts 1'], ['w.ts 2'], []])
})

test('a build that says the same again says it once', () => {
  const build = recorded('esbuild-0.28.2.txt')
  expect(diagnosticsOf(interpretAll(build + build, reader, root))).toEqual(
    diagnosticsOf(interpretAll(build, reader, root)),
  )
})

test('the ranges are those that the API of the same compiler gives', async () => {
  const {stderr} = await execa(
    esbuildProgram.file,
    ['main.ts', '--bundle', '--outdir=dist', '--log-limit=0'],
    {
      cwd: root,
      reject: false,
      stdin: 'ignore',
    },
  )
  const said = diagnosticsOf(interpretAll(stderr, reader, root)).map(
    ({uri, range, message}) => `${uri} ${markedText(uri, range)} ${String(message).split('\n')[0]}`,
  )
  const failure = await build({
    entryPoints: ['main.ts'],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'dist',
    logLevel: 'silent',
  }).catch((error: unknown) => error)
  const {errors, warnings} = failure as {errors: Message[]; warnings: Message[]}
  const known = [...errors, ...warnings].map(({location, text}) => {
    if (location === null) throw new Error(`no location: ${text}`)
    const line = Buffer.from(location.lineText)
    // The API's line has lost the byte order mark that its column still counts.
    const column =
      location.file === 'odd-lines.ts' && location.line === 1 ? location.column - 3 : location.column
    const marked = line.subarray(column, column + location.length).toString()
    return `${uriOf(location.file)} ${marked} ${text}`
  })
  expect(said.toSorted()).toEqual(known.toSorted())
})
