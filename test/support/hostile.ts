import {frame} from './ipc.ts'

/** What breaks the framing, each by what is wrong with it. */
export const brokenFrames: Readonly<Record<string, string | Buffer>> = {
  'negative length': 'Content-Length: -5\r\n\r\n{}',
  'signed length': 'Content-Length: +2\r\n\r\n{}',
  'junk after the length': 'Content-Length: 12junk\r\n\r\n{"a":"bcdef"}',
  'a word as length': 'Content-Length: two\r\n\r\n{}',
  'hexadecimal length': 'Content-Length: 0x2\r\n\r\n{}',
  'fraction as length': 'Content-Length: 2.0\r\n\r\n{}',
  'exponent as length': 'Content-Length: 2e0\r\n\r\n{}',
  'several lengths in one': 'Content-Length: 2, 2\r\n\r\n{}',
  'no length': 'Content-Length: \r\n\r\n{}',
  'NUL in the length': 'Content-Length: 2\0\r\n\r\n{}',
  'length of zero': 'Content-Length: 0\r\n\r\n',
  'two lengths that agree': 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}',
  'two lengths that differ': 'Content-Length: 2\r\ncontent-length: 3\r\n\r\n{}',
  'too large': 'Content-Length: 16777217\r\n\r\n',
  'as large as a number can be': 'Content-Length: 9007199254740993\r\n\r\n',
  'much too large': 'Content-Length: 999999999999999999999\r\n\r\n',
  'no header at all': '\r\n\r\n{}',
  'no Content-Length': 'Content-Type: text\r\n\r\n{}',
  'a line that is no header': 'Content-Length: 2\r\nwhat?\r\n\r\n{}',
  'a folded line': 'Content-Length: 2\r\nX: a\r\n b\r\n\r\n{}',
  'a blank before the colon': 'Content-Length : 2\r\n\r\n{}',
  'NUL in the header': 'Content-Length: 2\r\nX: \0\r\n\r\n{}',
  'another charset': 'Content-Length: 2\r\nContent-Type: text; charset=utf-16\r\n\r\n{}',
  'header without end': 'X: '.padEnd(4096, 'x'),
  'headers without end': 'X: y\r\n'.repeat(700),
  'newline JSON': `${'{"jsonrpc":"2.0","method":"a"}\n'.repeat(200)}`,
  'only NULs': Buffer.alloc(5000),
  'not JSON': frame('{"a":'),
  'JSON with a comment': frame('{} // here'),
  'two values': frame('{}{}'),
  number: frame('5'),
  text: frame('"a"'),
  null: frame('null'),
  'a batch': frame('[{"jsonrpc":"2.0","id":7,"method":"workers/list"}]'),
  'nested brackets without end': frame('['.repeat(100_000)),
  'byte order mark': frame('\ufeff{}'),
  'invalid UTF-8': inFrame('{"a":"', [0xff], '"}'),
  'cut UTF-8': inFrame('{"a":"', [0xc3], ''),
  'overlong UTF-8': inFrame('{"a":"', [0xc0, 0xaf], '"}'),
  'half of a surrogate pair in UTF-8': inFrame('{"a":"', [0xed, 0xa0, 0x80], '"}'),
}

/** Messages that make no sense, and do no harm. */
export const senseless: Readonly<Record<string, readonly unknown[]>> = {
  'answers to nothing': [
    {id: 99, result: 1},
    {id: '99', result: null},
    {id: -1, result: {}},
    {id: 1e300, error: {code: 1, message: 'x'}},
    {id: null, error: {code: 1, message: 'x'}},
    {id: 0.5, result: 1, error: {code: 1, message: 'both'}},
    {id: 'x', error: 'no object'},
  ],
  'ids of strange types': [
    {id: {}, method: 'workers/list'},
    {id: [1], result: 1},
    {id: true, result: 1},
    {id: false, error: {}},
    {id: {toString: 1}, result: 1},
  ],
  'what has nothing to do with JSON-RPC': [{}, {id: 1}, {method: 5, id: 1}, {jsonrpc: '3.0'}, {params: []}],
  'cancellations of nothing': [
    {method: '$/cancelRequest'},
    {method: '$/cancelRequest', params: {id: 77}},
    {method: '$/cancelRequest', params: {id: {}}},
    {method: '$/cancelRequest', params: [1]},
  ],
  'words of the library': [
    {method: '$/progress'},
    {method: '$/progress', params: {token: {}, value: 1}},
    {method: '$/setTrace', params: {value: 'verbose'}},
    {method: '$/logTrace', params: 7},
  ],
  'names of what every object has': [
    {method: '__proto__', params: {__proto__: {polluted: true}}},
    {method: 'constructor', params: {constructor: {prototype: {polluted: true}}}},
    {method: 'toString', params: {hasOwnProperty: 1}},
    {method: ''},
    {method: 'x'.repeat(60_000)},
  ],
}

/** What is read without effort and can break what recurses: the text of a value so many levels deep, in several shapes. */
export function nested(depth: number): Record<string, string> {
  const shape = (open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`
  return {
    arrays: shape('[', ']'),
    objects: shape('{"a":', '}'),
    // These are written by another way than others.
    'numbered objects': shape('{"0":', '}'),
    both: shape('[{"range":', '}]'),
  }
}

function inFrame(before: string, bytes: number[], after: string): Buffer {
  const content = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
  return Buffer.concat([Buffer.from(`Content-Length: ${content.length}\r\n\r\n`), content])
}
