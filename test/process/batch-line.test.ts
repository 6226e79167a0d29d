import {expect, test} from 'vitest'
import {batchLine} from '../../src/process/batch-line.ts'

const file = 'C:\\a b\\x.cmd'
const lineOf = (...args: string[]) => batchLine(file, args, {ComSpec: 'C:\\cmd.exe'}).args.at(-1)

test('the processor that the environment names is asked, without its own start-up commands', () => {
  expect(batchLine(file, [], {ComSpec: 'C:\\cmd.exe'})).toEqual({
    file: 'C:\\cmd.exe',
    args: ['/d', '/v:off', '/s', '/c', `""${file}""`],
  })
  expect(batchLine(file, [], {}).file).toBe('cmd.exe')
})

test.each([
  ['a b', '^"a^ b^"'],
  ['', '^"^"'],
  ['a&b', '^"a^&b^"'],
  ['%PATH%', '^"^%PATH^%^"'],
  ['x\\', '^"x\\\\^"'],
  ['a"b', '^^^"a\\^^^"b^^^"'],
])('%j means nothing to the processor', (word, written) => {
  expect(lineOf(word)).toBe(`""${file}" ${written}"`)
})

test('a line break is refused', () => {
  for (const word of ['a\nb', 'a\rb'])
    expect(() => lineOf(word)).toThrow(
      expect.objectContaining({code: 'COMMAND_NOT_EXECUTABLE', exitCode: 126}),
    )
})
