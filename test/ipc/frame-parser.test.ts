import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {FrameParser} from '../../src/ipc/frame-parser.ts'
import {brokenFrames} from '../support/hostile.ts'
import {frame} from '../support/ipc.ts'

const messages = [{method: 'a'}, {text: 'größer 🎉 \u2028'}, {}, {deep: [[['x'.repeat(5000)]]]}]

describe('any way of cutting gives the same messages', () => {
  const bytes = Buffer.concat(messages.map(frame))

  test('every split point', () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(messages)
    }
  })

  test('byte by byte', () => {
    expect(parse([...bytes].map(byte => Buffer.from([byte])))).toEqual(messages)
  })

  test('random messages in random portions', () => {
    const message = fc.dictionary(fc.string({unit: 'binary'}), fc.jsonValue())
    const portions = fc.array(fc.integer({min: 1, max: 300}), {minLength: 1})
    fc.assert(
      fc.property(fc.array(message), portions, (sent, sizes) => {
        const normal = sent.map(one => JSON.parse(JSON.stringify(one)))
        expect(parse(cut(Buffer.concat(sent.map(frame)), sizes))).toEqual(normal)
      }),
    )
  })
})

test('other headers, other capitals and a charset of UTF-8 are fine', () => {
  const header =
    'content-LENGTH:2\r\nX-Other: é?\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n'
  expect(parse([Buffer.from(`${header.replace('é', 'e')}{}`)])).toEqual([{}])
})

describe('bad frames', () => {
  test.each(Object.entries(brokenFrames))('%s', (_name, bytes) => {
    const whole = Buffer.from(bytes)
    expect(() => parse([whole])).toThrow(expect.objectContaining({code: 'BAD_FRAME'}))
    expect(() => parse(cut(whole, [1]))).toThrow(expect.objectContaining({code: 'BAD_FRAME'}))
  })

  test('the messages before it are given out', () => {
    const parser = new FrameParser()
    parser.push(Buffer.concat([frame({first: 1}), Buffer.from('Content-Length: -1\r\n\r\n')]))
    expect(parser.next()).toEqual({first: 1})
    expect(() => parser.next()).toThrow()
  })

  test('a lower limit holds until it is raised', () => {
    const parser = new FrameParser(10)
    parser.push(Buffer.concat([frame({}), frame({text: 'x'.repeat(20)})]))
    expect(parser.next()).toEqual({})
    parser.limit = 100
    expect(parser.next()).toEqual({text: 'x'.repeat(20)})
  })
})

test('nesting of a million levels is read or refused, never a crash', () => {
  const depth = 1_000_000
  expect(parse([frame(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)])).toHaveLength(1)
})

test('a large frame in tiny chunks is not copied for each of them', {timeout: 20_000}, () => {
  // Half a million chunks: copying all that came for each would move two terabytes.
  const message = {text: 'x'.repeat(8 * 1024 * 1024)}
  expect(parse(cut(frame(message), [16]))).toEqual([message])
})

function parse(chunks: Iterable<Buffer>): object[] {
  const parser = new FrameParser()
  const found: object[] = []
  for (const chunk of chunks) {
    parser.push(chunk)
    for (let message = parser.next(); message !== undefined; message = parser.next()) found.push(message)
  }
  return found
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}
