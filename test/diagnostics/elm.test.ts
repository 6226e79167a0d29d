import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {createInterpreter} from '../../src/diagnostics/interpreter.ts'
import {maxLineLength, splitLines} from '../../src/process/lines.ts'
import {brief, diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-elm')
const reader = {format: 'elm'} as const
const report = recorded('elm-0.19.1.txt', root)

test('file, range and title of each problem', () => {
  const all = diagnosticsOf(interpretAll(report, reader, root))
  expect(all.map(one => `${one.severity} ${brief(one, root)}`)).toEqual([
    '1 src/Main.elm:7:16-7:19 TYPE MISMATCH Red',
    '1 src/Names.elm:2:17-2:21 NAMING ERROR nope',
    '1 src/Names.elm:4:9-4:19 NAMING ERROR Gone.there',
  ])
  expect(all[0]?.message).toMatch(
    /^Something is off with the body of the `red` definition:\n\n8\| red = \{- 😀ä -\} Red\n +\^\^\^\nThis `Red` value is a:\n\n {4}Colour\n/,
  )
})

test('what concerns no file', () => {
  expect(diagnosticsOf(interpretAll(recorded('elm-0.19.1-global.txt'), reader, root))).toMatchObject([
    {
      uri: `${pathToFileURL(root).href}/`,
      code: 'NO elm.json FILE',
      message: expect.stringContaining('Try running'),
    },
  ])
})

test('a file of the project without a region, and other lines around', () => {
  const text = `| Corrupt File\n{"type":"error","path":"elm.json","title":"MISSING","message":["I need ",{"string":"it"}]}\nDone`
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([
    {uri: pathToFileURL(join(root, 'elm.json')).href, code: 'MISSING', message: 'I need it'},
  ])
})

test('a report that is longer than a line may be comes in pieces', () => {
  const problems = Array.from({length: 4000}, (_, index) => ({
    title: 'NAMING ERROR',
    region: {start: {line: 3, column: 1}, end: {line: 3, column: 2}},
    message: [`I cannot find … number ${index}`, {string: '…'}],
  }))
  const text = JSON.stringify({
    type: 'compile-errors',
    errors: [{path: join(root, 'src/Names.elm'), problems}],
  })
  expect(text.length).toBeGreaterThan(3 * maxLineLength)
  const interpreter = createInterpreter(reader, {root, toolchain: 'elm'})
  const said: ReturnType<typeof interpreter.line> = []
  const splitter = splitLines(line => said.push(...interpreter.line('stderr', line)))
  for (let at = 0; at < text.length; at += 10_007) splitter.write(Buffer.from(text.slice(at, at + 10_007)))
  splitter.end()
  const all = diagnosticsOf([...said, ...interpreter.end({code: 1, signal: null})])
  expect(all).toHaveLength(4000)
  expect(all[3999]?.message).toBe('I cannot find … number 3999…')
})

test('a report that breaks off, and one after it', () => {
  const text = `{"type":"error","title":"…\n{"type":"error","title":"WHOLE","message":["it is"]}`
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([{code: 'WHOLE', message: 'it is'}])
})

test.each([
  '{',
  '{}',
  '{"type":"error"}',
  '{"type":"compile-errors","errors":[{"problems":[1,{}]},2]}',
  '[]',
  '{"a":…',
])('%j does no harm', text => {
  expect(() => interpretAll(text, reader, root)).not.toThrow()
})
