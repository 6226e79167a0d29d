import {join} from 'node:path'
import {expect, test} from 'vitest'
import {brief, diagnosticsOf, interpretAll, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-rescript')
const reader = {format: 'rescript'} as const
const read = (name: string) => diagnosticsOf(interpretAll(recorded(name, root), reader, root))

const marks = [
  '1 src/Gone_.res:0:8-0:14 - Gone.f',
  '1 src/Types.res:1:31-1:40 - add(1, 2)',
  '2 src/Warnings.res:0:14-0:15 27 a',
  '2 src/Warnings.res:1:14-3:1 8 switch x {\n| Some(y) => y\n}',
]

test.each(['rescript-12.3.1.txt', 'rescript-11.1.4.txt'])('%s: file, range, number and severity', name => {
  expect(read(name).map(one => `${one.severity} ${brief(one, root)}`)).toEqual(marks)
})

test('messages end where the next one, or what the build system says, begins', () => {
  expect(read('rescript-12.3.1.txt').map(({message}) => message)).toEqual([
    `The module or file Gone can't be found.
- If it's a third-party dependency:
  - Did you add it to the "dependencies" or "dev-dependencies" in rescript.json?
- Did you include the file's directory to the "sources" in rescript.json?`,
    "This has type: int\nBut it's expected to have type: string\n\nYou can convert int to string with Int.toString.",
    `unused variable a.

Fix this by:
- Deleting the variable if it's not used anymore.
- Prepending the variable name with \`_\` (like \`_a\`) to ignore that the variable is unused.
- Using the variable somewhere.`,
    'You forgot to handle a possible case here, for example: \n| None',
  ])
  expect(read('rescript-11.1.4.txt').map(({message}) => String(message).split('\n').at(-1))).toEqual([
    '- Did you include the file\'s directory to the "sources" in bsconfig.json?',
    'You can convert int to string with Belt.Int.toString.',
    'unused variable a.',
    '| None',
  ])
})

test('an error of syntax, whose span ends in the next line', () => {
  const [found, ...more] = read('rescript-12.3.1-syntax.txt')
  expect(more).toEqual([])
  expect(found).toMatchObject({
    severity: 1,
    range: {start: {line: 0, character: 9}, end: {line: 1, character: 0}},
    message: 'Missing expression',
  })
})

test('a warning that is configured as an error', () => {
  const text = '  Warning number 27 (configured as error) \n  a.res:1:2-3\n\n  1 │ a\n\n  unused.\n'
  expect(diagnosticsOf(interpretAll(text, reader, root))).toMatchObject([
    {severity: 1, code: '27', message: 'unused.'},
  ])
})
