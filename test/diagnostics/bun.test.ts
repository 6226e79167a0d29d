import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {brief, diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-bun')
const reader = {format: 'bun'} as const
const read = (name: string) => diagnosticsOf(interpretAll(recorded(name, root), reader, root))

test('file, place and message; what is told later counts as told again', () => {
  const [nowhere, ...placed] = read('bun-1.4.5.txt')
  expect(nowhere).toMatchObject({
    uri: `${pathToFileURL(root).href}/`,
    severity: 1,
    message: 'ModuleNotFound resolving "nofile.ts" (entry point)',
  })
  const [first, second, ...syntax] = placed.slice(0, 2).concat(placed.slice(4))
  expect([first, second, ...syntax].map(one => one && `${brief(one, root)}: ${one.message}`)).toEqual([
    'names.ts:0:14-0:14 - : Could not resolve: "./gone"',
    'names.ts:0:14-0:14 - : Could not resolve: "./gone"',
    'syntax.ts:2:5-2:5 - : Expected ";" but found "😀"',
    'syntax.ts:2:8-2:8 - : Unexpected =',
  ])
})

test('before 1.1 the code is between message and place', () => {
  expect(read('bun-1.0.0.txt').map(one => `${brief(one, root)}: ${one.message}`)).toEqual([
    'syntax.ts:2:5-2:5 - : Expected ";" but found "😀"',
    'syntax.ts:2:6-2:6 - : Unexpected ',
  ])
})

test('warnings and notes', () => {
  const text =
    'warn: Comparison is always false\n    at /x/a.ts:1:2\nnote: because of this\n    at /x/a.ts:3:4\n'
  expect(diagnosticsOf(interpretAll(text, reader, root)).map(({severity}) => severity)).toEqual([2, 3])
})
