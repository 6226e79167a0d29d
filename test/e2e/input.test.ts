import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'

const script = join(packageRoot, 'bin', 'tool.cjs')

test('a version to remove is one that was typed, not what comes through a pipe', async () => {
  await using box = sandbox()
  const version = putVersion(box, 'typescript', '5.8.2', {executables: ['tsc']})
  const {status, stderr} = spawnSync(process.execPath, [script, 'uninstall'], {
    cwd: box.project,
    env: {HOME: box.root},
    input: 'typescript@5.8.2\n',
    encoding: 'utf8',
  })
  expect({status, stderr}).toMatchObject({status: 2, stderr: expect.stringMatching(/^error USAGE: /)})
  expect(existsSync(version)).toBe(true)
})

test('a loop over lines keeps its lines', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.8.2', {executables: ['tsc']})
  box.write('one/.toolversion', 'typescript 5.8.2\n')
  box.write('two/.toolversion', 'typescript 5.8.2\n')
  const loop =
    'printf "one\\ntwo\\n" | while read -r folder; do "$0" "$1" -C "$folder" install >&2; echo "$folder"; done'
  const stdout = execFileSync('sh', ['-euc', loop, process.execPath, script], {
    cwd: box.project,
    env: {HOME: box.root, PATH: process.env.PATH},
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(stdout).toBe('one\ntwo\n')
})
