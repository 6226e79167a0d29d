import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {brief, diagnosticsOf, interpretAll, markedText, outputFolder, recorded} from '../support/output.ts'

const root = join(outputFolder, 'bad-sass')
const reader = {format: 'sass'} as const
const read = (name: string) => diagnosticsOf(interpretAll(recorded(name), reader, root))
const uriOf = (file: string) => pathToFileURL(join(root, file)).href
const isThere = ({uri}: {uri: string}) => uri !== uriOf('gone.scss')

test('file, range, code and severity of every kind', () => {
  const all = read('sass-1.108.2.txt')
  expect(all.filter(isThere).map(one => `${one.severity} ${brief(one, root)}`)).toEqual([
    '2 _old.scss:0:15-0:20 slash-div 9px/3',
    '1 arguments.scss:2:16-4:6 - @include two(1,\n\t2, 3,\n\t   4)',
    '1 elsewhere.scss:2:10-2:32 - @include lib.one(1,\t2)',
    '2 main.scss:1:8-1:13 import "old"',
    '2 main.scss:2:15-2:32 global-builtin lighten(blue, 1%)',
    '2 main.scss:2:15-2:32 color-functions lighten(blue, 1%)',
    '2 main.scss:3:15-3:21 slash-div 10px/2',
    '2 main.scss:3:33-4:2 slash-div 1px/\n\t3',
    '3 main.scss:5:0-5:0 - ',
    '2 main.scss:6:24-6:24 - ',
    '2 main.scss:6:24-6:24 - ',
    '1 main.scss:8:39-8:52 - @extend .gone',
    '1 syntax.scss:2:2-2:2 - ',
    '1 thrown.scss:1:8-1:23 - lib.fail("ä😀")',
  ])
  expect(all.find(one => !isThere(one))).toMatchObject({
    severity: 1,
    range: {start: {line: 0, character: 0}, end: {line: 0, character: 0}},
    message: 'Cannot open file.',
  })
})

test('messages of several lines are whole, and without what surrounds them', () => {
  const messages = read('sass-1.108.2.txt').map(({message}) => message)
  expect(messages).toContain('mind the\ngap')
  expect(messages).toContain('how it is: ä😀')
  expect(messages).toContain('"no ä😀, Error: of: 1:2"')
  expect(messages).toContain(
    'The target selector was not found.\nUse "@extend .gone !optional" to avoid this error.',
  )
  expect(messages).toContain(
    'lighten() is deprecated. Suggestions:\n\ncolor.scale($color, $lightness: 2%)\ncolor.adjust($color, $lightness: 1%)\n\nMore info: https://sass-lang.com/d/color-functions',
  )
})

test('who called, and what else a frame marks, is related', () => {
  const related = (file: string) =>
    read('sass-1.108.2.txt')
      .filter(({uri}) => uri === uriOf(file))
      .flatMap(({relatedInformation = []}) => relatedInformation)
      .map(({location, message}) => `${message}: ${markedText(location.uri, location.range)}`)
  expect(related('elsewhere.scss')).toEqual(['declaration: one($a)'])
  expect(related('arguments.scss')).toEqual(['declaration: two($a, $b)'])
  expect(related('_old.scss')).toEqual(['from root stylesheet: '])
  const careful = read('sass-1.108.2.txt').find(({message}) => message === 'mind 😀')
  expect(careful?.relatedInformation).toEqual([
    {
      location: {
        uri: uriOf('main.scss'),
        range: {start: {line: 8, character: 15}, end: {line: 8, character: 15}},
      },
      message: 'from root stylesheet',
    },
  ])
})

test('colours and plain characters change nothing', () => {
  expect(read('sass-1.108.2-color.txt')).toEqual(read('sass-1.108.2.txt'))
  expect(read('sass-1.108.2-ascii.txt')).toEqual(read('sass-1.108.2.txt'))
})

test('an old version tells less, in the same places', () => {
  const places = read('sass-1.108.2.txt')
    .filter(isThere)
    .map(one => brief({...one, code: ''}, root))
  const old = read('sass-1.63.5.txt').filter(isThere)
  expect(old).toHaveLength(11)
  expect(places).toEqual(expect.arrayContaining(old.map(one => brief({...one, code: ''}, root))))
})

test('without the files a range begins where it should', () => {
  const elsewhere = join(outputFolder, 'bad-elm')
  const starts = (all: readonly {range: {start: unknown}}[]) => all.map(({range}) => range.start)
  const said = diagnosticsOf(interpretAll(recorded('sass-1.108.2.txt'), reader, elsewhere))
  expect(starts(said)).toEqual(starts(read('sass-1.108.2.txt')))
})

test('a mistake in its own arguments is none of a file', () => {
  expect(
    diagnosticsOf(interpretAll('Could not find an option named "--bogus".\n\nUsage: sass', reader, root)),
  ).toEqual([])
})
