import {expect, test} from 'vitest'
import {describeOrigin} from '../../src/base/origin.ts'

test.each([
  [{kind: 'file', path: '/work/app/.toolversion', line: 3}, '.toolversion:3'],
  [{kind: 'file', path: '/work/.toolversion', line: 1}, '../.toolversion:1'],
  [{kind: 'file', path: '/h/.tool/version', line: 1}, '/h/.tool/version:1'],
  [{kind: 'variable', name: 'TOOL_VERSION'}, 'TOOL_VERSION'],
  [{kind: 'argument', text: '5.9'}, 'the command line'],
  [{kind: 'default'}, 'the default'],
] as const)('%o is described as %s', (origin, text) => {
  expect(describeOrigin(origin, '/work/app')).toBe(text)
})
