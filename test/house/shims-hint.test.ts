import {mkdirSync} from 'node:fs'
import {expect, test} from 'vitest'
import {shimsHint} from '../../src/house/shims-hint.ts'
import {rehash} from '../../src/shim/rehash.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {tool} from '../support/tool.ts'

async function withShim(): Promise<Sandbox> {
  const box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  await rehash(box.context, await loadDefinitions(box.context))
  return box
}

test('it is told once a home, where the shims are not on PATH', async () => {
  await using box = await withShim()
  const env = {PATH: '/usr/bin:/bin', SHELL: '/bin/zsh'}
  const {shims, home} = box.context.layout
  expect(shimsHint(box.at({env: {...env, PATH: `/usr/bin:${shims}/`}}))).toBeUndefined()
  expect(shimsHint(box.at({env: {...env, CI: 'true'}}))).toBeUndefined()
  expect(shimsHint(box.at({env}))).toMatch(
    /^to run tsc by its name, add this line to ~\/\.zshrc .*: eval "\$\(.* init zsh\)"$/,
  )
  expect(shimsHint(box.at({env}))).toBeUndefined()
  const TOOL_HOME = `${home} two`
  mkdirSync(TOOL_HOME)
  expect(shimsHint(box.at({env: {...env, TOOL_HOME}}))).toBeUndefined()
})

test('it comes on stderr after the first install, and not with --quiet', async () => {
  await using box = sandbox()
  await using registry = await startRegistry()
  for (const version of ['5.8.2', '5.9.2', '5.9.3'])
    registry.publish('typescript', version, {'bin/tsc': '', 'bin/tsserver': ''})
  const options = {cwd: box.project, env: {HOME: box.root, SHELL: '/bin/bash', ...registry.env}}
  const stderr = async (...args: string[]) => (await tool(args, options)).stderr
  expect(await stderr('install', '5.8.2', '--quiet')).toBe('')
  expect(await stderr('install', '5.9.2')).toMatch(
    /^installing .*\nto run tsc by its name, add this line to ~\/\.bashrc .*\n$/,
  )
  expect(await stderr('install', '5.9.3')).toBe('installing typescript 5.9.3\n')
})
