import {join} from 'node:path'
import {outputFolder} from './output.ts'

export const badTypescript = join(outputFolder, 'bad-typescript')

/** What every version says of `fixtures/output/bad-typescript`. */
export const badTypescriptMarks = [
  'a.ts:7:2-7:8 TS2322 return',
  'a.ts:10:6-10:7 TS2739 s',
  'a.ts:11:7-11:13 TS2322 tabbed',
  'a.ts:12:6-12:8 TS2322 名前',
  'a.ts:12:53-12:54 TS2322 z',
  'a.ts:13:2-16:1 TS2345 {\n  a: 1,\n  b: 2,\n}',
  'a.ts:17:42-17:43 TS2322 c',
  'a.ts:18:6-18:12 TS2322 longer',
  'a.ts:22:0-22:1 TS2554 f',
  'a.ts:23:0-23:1 TS2304 g',
  'a.ts:25:8-25:12 TS2305 nope',
  "a.ts:26:19-26:27 TS2307 './none'",
  'blanks (and) parens/file name.ts:0:13-0:14 TS2322 n',
  'bom.ts:0:13-0:19 TS2322 marked',
  'crlf.ts:1:13-1:14 TS2322 c',
  'first.ts:0:6-0:11 TS2300 Twice',
  'first.ts:1:6-1:11 TS2451 twice',
  'many.ts:0:13-0:18 TS2741 table',
  'many.ts:11:3-11:9 TS2366 string',
  'many.ts:20:2-20:6 TS2416 kind',
  'many.ts:23:188-23:189 TS2322 q',
  'many.ts:24:28-25:8 TS7027 veryLong.length\n  dead()',
  'many.ts:29:2-29:6 TS2769 true',
  'many.ts:30:2-32:7 TS2345 {\n  x: 1,\n  y: 2}',
  'second.ts:0:6-0:11 TS2300 Twice',
  'second.ts:1:6-1:11 TS2451 twice',
  "spans.ts:1:2-1:8 TS2345 '日本😀'",
  'spans.ts:2:2-4:4 TS2345 `a\n\t😀b\n  c`',
  "spans.ts:5:2-12:2 TS2345 [1, '😀',\n2,\n3, /* 😀 */\n4,\n\n5,\n6,   \n7]",
  'spans.ts:14:6-14:14 TS2322 trailing',
  'spans.ts:15:0-15:7 TS2304 missing',
]
