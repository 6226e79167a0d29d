import {expect, test} from 'vitest'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {findPin} from '../../src/pin/find.ts'
import {resolveVersion} from '../../src/resolve/version.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

const offered = {
  versions: ['5.8.3', '5.9.2', '5.9.3', '6.0.0-beta', '6.0.3', '7.0.2', '7.1.0-dev.1'],
  tags: {latest: '7.0.2', next: '7.1.0-dev.1'},
}

async function resolve(text: string): Promise<string> {
  await using box = sandbox()
  const definition = (await loadDefinitions(box.context)).get('typescript', {kind: 'default'})
  const pin = pinFromArgument(text, 'typescript', box.context)
  return resolveVersion(box.context, definition, pin, {list: async () => offered})
}

test.each([
  ['5.9.3', '5.9.3'],
  ['v5.9.2', '5.9.2'],
  ['5.9', '5.9.3'],
  ['>=5 <7', '6.0.3'],
  ['latest', '7.0.2'],
  ['typescript', '7.0.2'],
  ['next', '7.1.0-dev.1'],
  ['6.0.0-beta', '6.0.0-beta'],
])('%s is %s', async (text, expected) => {
  expect(await resolve(text)).toBe(expected)
})

test.each([
  ['5.9.99', 'near it are 5.9.3, 5.9.2, 5.8.3; the latest is 7.0.2'],
  ['^99', 'near it are 7.0.2, 6.0.3, 5.9.3; the latest is 7.0.2'],
  ['typescript@nxt', 'near it are next; the latest is 7.0.2'],
  ['typescript@lts', 'it has 7 versions; the latest is 7.0.2, and the tags latest, next'],
])('%s does not exist, and the hint names the nearest', async (text, hint) => {
  await expect(resolve(text)).rejects.toMatchObject({
    code: 'NO_SUCH_VERSION',
    exitCode: 4,
    message: expect.stringMatching(/^there is no typescript \S+ \(set by the command line\)$/),
    hint,
  })
})

test('of fallbacks the first that names a version', async () => {
  await using box = sandbox({TOOL_VERSION: 'path:x 5.8 5.9'})
  const definition = (await loadDefinitions(box.context)).get('typescript', {kind: 'default'})
  const pin = findPin(box.context, builtin, 'typescript')
  expect(await resolveVersion(box.context, definition, pin, {list: async () => offered})).toBe('5.8.3')
})

test('what is the system’s can’t be installed, and nobody is asked', async () => {
  await using box = sandbox()
  const definition = (await loadDefinitions(box.context)).get('typescript', {kind: 'default'})
  const list = () => Promise.reject(new Error('asked'))
  await expect(
    resolveVersion(box.context, definition, findPin(box.context, builtin, 'typescript'), {list}),
  ).rejects.toMatchObject({code: 'NOTHING_TO_INSTALL', exitCode: 3})
})
