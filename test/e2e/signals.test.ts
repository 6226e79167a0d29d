import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {startTool} from '../support/tool.ts'

const script = join(packageRoot, 'bin', 'tool.cjs')

function shell(line: string, cwd: string, home: string) {
  return spawnSync('bash', ['-c', `set -o pipefail; ${line}`], {
    cwd,
    encoding: 'utf8',
    env: {PATH: process.env.PATH, HOME: home, TOOL: `${process.execPath} ${script}`},
  })
}

/** Writes more to both of its pipes than they hold, and fails where one does not wait. */
const flood = `
const {writeSync} = require('node:fs')
for (let round = 0; round < 40; round++)
  for (const pipe of [1, 2]) for (let at = 0; at < 65536; ) at += writeSync(pipe, 'x'.repeat(65536 - at))
writeSync(1, '\\nlast\\n')
`

async function shellAsync(line: string, cwd: string, env: Record<string, string>) {
  const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], {
    cwd,
    env: {PATH: process.env.PATH, ...env, TOOL: `${process.execPath} ${script}`},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return {code, stdout}
}

test('a program that exec becomes ignores no signal that it would not ignore by itself', async () => {
  await using box = sandbox()
  const direct = shell('grep SigIgn /proc/self/status', box.project, box.root)
  const become = shell('$TOOL exec grep SigIgn /proc/self/status', box.project, box.root)
  expect(become.stdout).toBe(direct.stdout)
  expect(shell('$TOOL exec yes | head -1', box.project, box.root)).toMatchObject({
    status: 141,
    stdout: 'y\n',
    stderr: '',
  })
})

test('its pipes block as they did before, also when a version was installed first', async () => {
  await using box = sandbox()
  await using registry = await startRegistry()
  registry.publish('typescript', '5.9.3', {
    'bin/tsc': flood,
    'bin/tsserver': 'x',
  })
  box.write('.toolversion', 'typescript 5.9.3\n')
  const ran = await shellAsync('$TOOL exec tsc 2>&1 | { sleep 0.5; tail -1; }', box.project, {
    HOME: box.root,
    ...registry.env,
  })
  expect(ran).toMatchObject({code: 0, stdout: 'last\n'})
})

test('a reader that leaves early ends every command quietly', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'typescript 5.9.3\n')
  for (const line of ['$TOOL current | true', '$TOOL versions --quiet | true', '$TOOL --help | true']) {
    const ran = shell(line, box.project, box.root)
    expect({line, stderr: ran.stderr}).toEqual({line, stderr: ''})
    expect([0, 141]).toContain(ran.status)
  }
})

test.each([[[]], [['--json']]])(
  'Ctrl-C during an install exits with 130 and leaves nothing (%j)',
  async flags => {
    await using box = sandbox()
    await using registry = await startRegistry()
    registry.publish('typescript', '5.9.3', {'bin/tsc': 'x', 'bin/tsserver': 'x'})
    const asked = Promise.withResolvers<void>()
    registry.on('/typescript/-/*', () => asked.resolve())
    const running = startTool(['install', '5.9.3', ...flags], {
      cwd: box.project,
      env: {HOME: box.root, ...registry.env},
    })
    await asked.promise
    running.kill('SIGINT')
    const ran = await running.ended
    expect(ran).toMatchObject({code: 130, stdout: '', stderr: 'installing typescript 5.9.3\n'})
    expect(readdirSync(join(box.root, '.tool', 'staging'))).toEqual([])
    expect(existsSync(join(box.root, '.tool', 'versions', 'typescript', '5.9.3'))).toBe(false)
  },
)
