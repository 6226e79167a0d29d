import fc from 'fast-check'
import {expect, test} from 'vitest'
import {lineOfPath} from '../../src/toolchain/json-lines.ts'

const text = `\uFEFF{
  "a": {"b": [1,
    {"c\\"{": "}]", "d": null}, "x"],
    "e": {}},
  "f": [], "g": true
}`

test.each([
  [[], 1],
  [['a'], 2],
  [['a', 'b', 0], 2],
  [['a', 'b', 1], 3],
  [['a', 'b', 1, 'c"{'], 3],
  [['a', 'e'], 4],
  [['a', 'e', 'nothing', 'here'], 4],
  [['g'], 5],
  [['b'], 1],
])('%j is on line %i', (path, line) => {
  expect(lineOfPath(text, path)).toBe(line)
})

test('every value of any JSON is found on its line', () => {
  fc.assert(
    fc.property(fc.json(), json => {
      const value: unknown = JSON.parse(json)
      const printed = JSON.stringify(value, undefined, 1)
      const lines = printed.split('\n')
      const walk = (at: unknown, path: (string | number)[]) => {
        if (typeof at !== 'object' || at === null) return
        for (const [key, inner] of Object.entries(at)) {
          const here = [...path, Array.isArray(at) ? Number(key) : key]
          const line = lines[lineOfPath(printed, here) - 1] ?? ''
          expect(
            line
              .trimStart()
              .startsWith(Array.isArray(at) ? (JSON.stringify(inner)[0] ?? '') : JSON.stringify(key)),
          ).toBe(true)
          walk(inner, here)
        }
      }
      walk(value, [])
    }),
    {numRuns: 300},
  )
})
