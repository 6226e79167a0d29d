import fc from 'fast-check'
import {expect, test} from 'vitest'
import {maxLineLength, splitLines} from '../../src/process/lines.ts'

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = []
  const splitter = splitLines(line => lines.push(line))
  for (const chunk of chunks) splitter.write(Buffer.from(chunk))
  splitter.end()
  return lines
}

test('a line is without its end, LF or CRLF, and the last one needs none', () => {
  expect(split('one\r\ntwo\n\nfour')).toEqual(['one', 'two', '', 'four'])
  expect(split('one\n')).toEqual(['one'])
  expect(split('')).toEqual([])
})

test('escape sequences and lone carriage returns are kept', () => {
  expect(split('\u001b[31mred\u001b[0m\n10%\r20%\n')).toEqual(['\u001b[31mred\u001b[0m', '10%\r20%'])
})

test('bytes that are no UTF-8 are replaced, and end nothing', () => {
  expect(split(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0xc3]))).toEqual(['a\ufffd', 'b\ufffd'])
})

test('however a text is cut into chunks, its lines are the same', () => {
  const text = fc.string({unit: fc.constantFrom('a', 'é', '𝄞', '\n', '\r', '\u001b[1m'), maxLength: 60})
  fc.assert(
    fc.property(text, fc.array(fc.nat(200)), (whole, cuts) => {
      const bytes = Buffer.from(whole)
      const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end))
      const expected = whole
        .split('\n')
        .map((line, i, all) => (i < all.length - 1 ? line.replace(/\r$/, '') : line))
      if (expected.at(-1) === '') expected.pop()
      expect(split(...chunks)).toEqual(expected)
    }),
  )
})

test('a line over the limit comes in marked pieces, none of it lost', () => {
  const long = 'x'.repeat(2.5 * maxLineLength)
  for (const chunks of [[`${long}\nend`], long.match(/.{1000}|.+/g)?.concat('\nend') ?? []]) {
    const [first = '', second = '', third = '', ...rest] = split(...chunks)
    expect([first.length, second.length]).toEqual([maxLineLength + 1, maxLineLength + 1])
    expect(first.at(-1)).toBe('…')
    expect(first.slice(0, -1) + second.slice(0, -1) + third).toBe(long)
    expect(rest).toEqual(['end'])
  }
})

test('a long line is never cut inside a character', () => {
  const long = `x${'𝄞'.repeat(maxLineLength)}`
  const pieces = split(long)
  expect(pieces.every(piece => piece.isWellFormed())).toBe(true)
  expect(pieces.join('').replaceAll('…', '')).toBe(long)
})
