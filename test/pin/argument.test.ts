import {expect, test} from 'vitest'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {printSpecs} from '../../src/pin/print.ts'

const read = (text: string) => pinFromArgument(text, 'typescript', {cwd: '/work'})

test.each([
  ['5.9.3', 'typescript', '5.9.3'],
  ['latest', 'typescript', 'latest'],
  ['>=5 <6', 'typescript', '">=5 <6"'],
  ['path:../x', 'typescript', 'path:../x'],
  ['esbuild@^0.28', 'esbuild', '^0.28'],
  ['esbuild@>=0.27 <0.29', 'esbuild', '">=0.27 <0.29"'],
  ['node@lts/iron', 'node', 'lts/iron'],
  ['esbuild', 'esbuild', 'latest'],
])('%s', (text, toolchain, version) => {
  const pin = read(text)
  expect([pin.toolchain, printSpecs(pin.specs)]).toEqual([toolchain, version])
  expect(pin).toMatchObject({origin: {kind: 'argument', text}, baseDirectory: '/work'})
})

test('a default toolchain is blamed for its own name only', () => {
  const origin = {kind: 'variable', name: 'TOOL_DEFAULT_TOOLCHAIN'} as const
  const byDefault = (text: string) => pinFromArgument(text, {name: 'nope', origin}, {cwd: '/work'})
  expect(byDefault('5.9.3')).toMatchObject({toolchain: 'nope', nameOrigin: origin})
  expect(byDefault('esbuild@1')).not.toHaveProperty('nameOrigin')
})

test.each([
  ['Esbuild', 'PIN_NAME_INVALID'],
  ['', 'PIN_NAME_INVALID'],
  ['@scope/x@1', 'PIN_NAME_INVALID'],
  ['esbuild@', 'PIN_SPEC_INVALID'],
  ['5.9.3@1', 'PIN_SPEC_INVALID'],
  ['typescript@../../x', 'PIN_VERSION_UNSAFE'],
  ['5/../../x', 'PIN_VERSION_UNSAFE'],
])('%j is a mistake of usage', (text, code) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({code, exitCode: 2, message: expect.stringContaining('the command line')}),
  )
})
