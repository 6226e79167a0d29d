import {expect, test} from 'vitest'
import {entryPath} from '../../src/archive/entry-path.ts'

const reserved = [
  'con',
  'lib/AUX',
  'nul.txt',
  'COM1',
  'lpt¹.log',
  'con .txt',
  'CONIN$',
  'dots.',
  'blank ',
  'a/b. /c',
  'what?',
  'file:stream',
  'tab\there',
]

test.each(reserved)('%j is refused on Windows, and a name elsewhere', name => {
  expect(() => entryPath(name, 0, 'win32')).toThrow(expect.objectContaining({code: 'ARCHIVE_UNSAFE'}))
  expect(entryPath(name, 0, 'linux')).toEqual(name.split('/'))
})

test.each(['console', 'auxiliary.js', 'lib/null', 'com10', './a/.b/..c', 'a..b'])(
  '%j is a name everywhere',
  name => {
    expect(entryPath(name, 0, 'win32')).toEqual(entryPath(name, 0, 'linux'))
  },
)
