import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {brief, diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-buf')
const reader = {format: 'buf'} as const

test('file, range, code and message', () => {
  const all = diagnosticsOf(interpretAll(recorded('buf-1.75.0.txt'), reader, root))
  expect(all.map(one => `${brief(one, root)}: ${one.message}`)).toEqual([
    'a.proto:3:12-3:16 COMPILE Nope: cannot find `Nope` in this scope',
    'a.proto:4:12-4:13 COMPILE 1: field number `1` used more than once',
    'b.proto:2:0-2:20 COMPILE import "gone.proto";: imported file does not exist',
    'b.proto:5:0-5:1 COMPILE }: unexpected `}` after definition',
  ])
})

test('what concerns no file', () => {
  const text =
    'Failure: Module "path: "."" had no .proto files\n{"type":"COMPILE","message":"all is wrong"}\nSuccess\n'
  const uri = `${pathToFileURL(root).href}/`
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([
    {uri, severity: 1, message: 'Module "path: "."" had no .proto files'},
    {uri, severity: 1, code: 'COMPILE', message: 'all is wrong'},
  ])
})
