import {execFileSync} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tool} from '../support/tool.ts'
import {reader} from './reader.ts'

const someone = 65_534

test('a store that another user filled: running and building write nothing there, the rest says so', async () => {
  await using machine = await reader()
  const {box, env} = machine
  const store = join(box.root, 'store')
  box.write('.toolversion', 'typescript 5.9.3\nesbuild 0.28.2\n')
  box.write('tsconfig.json', '{}')
  box.write('tool.json', '{"serve": {"esbuild": {"args": ["--servedir=."]}}}')
  const filled = await machine.run(
    'sh',
    'umask 022; TOOL_HOME="$HOME/store" tool install; chmod -R a-w "$HOME/store"',
  )
  expect(filled.code, filled.stderr).toBe(0)
  rmSync(join(box.root, '.tool'), {recursive: true, force: true})
  chmodSync(box.root, 0o755)
  for (const name of ['', '.toolversion', 'tsconfig.json', 'tool.json'])
    chownSync(join(box.project, name), someone, someone)
  const own = {...env, HOME: join(box.root, 'someone'), TOOL_HOME: store}
  mkdirSync(own.HOME)
  chownSync(own.HOME, someone, someone)

  const run = (...args: string[]) => tool(args, {cwd: box.project, env: own, uid: someone})
  expect(await run('install')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('was installed already'),
  })
  expect(await run('exec', 'tsc', '-v')).toMatchObject({code: 0, stdout: 'Version 5.9.3\n'})
  expect(await run('build', 'typescript')).toMatchObject({code: 0})
  const shim = execFileSync(join(store, 'shims', 'tsc'), ['-v'], {
    cwd: box.project,
    env: {...own, PWD: box.project},
    uid: someone,
    gid: someone,
    encoding: 'utf8',
  })
  expect(shim).toBe('Version 5.9.3\n')
  for (const args of [
    ['install', 'typescript@5.8.3'],
    ['serve', 'esbuild'],
  ])
    expect(await run(...args)).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/^(?:installing .*\n)?error PERMISSION_DENIED: .*\n {2}try: .*\n$/),
    })
})
