import {expect, test} from 'vitest'
import {isInteractive, usesColor} from '../../src/cli/terminal.ts'

const [terminal, pipe] = [{isTTY: true}, {}]

test.each([
  [terminal, {}, true],
  [pipe, {}, false],
  [terminal, {NO_COLOR: '1'}, false],
  [terminal, {NO_COLOR: ''}, true],
  [pipe, {FORCE_COLOR: '1'}, true],
  [terminal, {FORCE_COLOR: '0'}, false],
  [terminal, {TERM: 'dumb'}, false],
  [terminal, {CI: 'true'}, true],
])('colours on %o with %o: %s', (stream, env, expected) => {
  expect(usesColor(stream, env)).toBe(expected)
})

test.each([
  [terminal, {}, true],
  [pipe, {FORCE_COLOR: '1'}, false],
  [terminal, {CI: 'true'}, false],
  [terminal, {TERM: 'dumb'}, false],
])('things that move on %o with %o: %s', (stream, env, expected) => {
  expect(isInteractive(stream, env)).toBe(expected)
})
