import {existsSync, readFileSync, rmSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {scriptedToolchain} from '../support/scripted-toolchain.ts'
import {openTerminal} from '../support/terminal.ts'
import {npmToolchain} from '../support/toolchain.ts'

const environment = (home: string) => ({
  HOME: home,
  PATH: process.env.PATH ?? '',
  TOOL: `${process.execPath} ${join(packageRoot, 'bin', 'tool.cjs')}`,
})

test('on a terminal npm start stays until Ctrl-C, and leaves nothing', async () => {
  await using box = sandbox()
  // No registry: the embedded compiler shows the same without one.
  await using terminal = openTerminal({
    cwd: packageRoot,
    env: {...environment(box.root), npm_config_registry: 'http://127.0.0.1:9/'},
  })
  terminal.type('npm start --silent', 'Enter')
  const url = /^sitec \S+ (http:\S+)$/m.exec(await terminal.waitFor(/^sitec \S+ http:\S+$/m))?.[1] ?? ''
  expect((await fetch(url)).status).toBe(200)
  terminal.type('C-c')
  await terminal.waitFor(/\^C\s+\$\s*$/)
  await expect(fetch(url)).rejects.toThrow()
  terminal.type('stty -a | grep -o " echo "', 'Enter')
  await terminal.waitFor(/^ echo *$/m)
})

test('installs show one bar each, which are gone when they are done', async () => {
  await using box = sandbox()
  await using registry = await startRegistry()
  const held: ServerResponse[] = []
  for (const name of ['one', 'two']) {
    box.write(`../.tool/toolchains/${name}.json`, JSON.stringify(npmToolchain(name)))
    registry.publish(name, '1.0.0', {[`bin/${name}`]: '#!/bin/sh\n'})
    registry.on(`/${name}/-/${name}-1.0.0.tgz`, (_, response) => {
      response.writeHead(200, {'content-length': 2_000_000})
      response.write(Buffer.alloc(500_000))
      held.push(response)
    })
  }
  box.write('.toolversion', 'one 1.0.0\ntwo 1.0.0\n')
  await using terminal = openTerminal({cwd: box.project, env: {...environment(box.root), ...registry.env}})
  terminal.type('$TOOL install', 'Enter')
  await terminal.waitFor(/^one 1\.0\.0 +━+─+ 0\.5 MB/m)
  await terminal.waitFor(/^two 1\.0\.0 +━+─+ 0\.5 MB/m)
  expect(terminal.hasCursor()).toBe(false)
  terminal.type('C-c')
  const screen = await terminal.waitFor(/\$\s*$/)
  expect(held).toHaveLength(2)
  expect(screen).not.toContain('━')
  expect(terminal.hasCursor()).toBe(true)
})

test('a build that is broken off with Ctrl-C, or told to end, leaves the terminal as it was, and no compiler', async () => {
  await using box = sandbox()
  const build = {driver: 'stream' as const, command: ['slow']}
  scriptedToolchain(box, 'slow', 'echo $$ > pid; exec sleep 600', {build})
  box.write('.toolversion', 'slow 1.0.0\n')
  await using terminal = openTerminal({cwd: box.project, env: environment(box.root)})
  const settings = async (name: string) => {
    terminal.type(`stty -g > ${name}; echo "wrote $((1)) ${name}"`, 'Enter')
    await terminal.waitFor(new RegExp(`^wrote 1 ${name}`, 'm'))
    return readFileSync(join(box.project, name), 'utf8')
  }
  const before = await settings('before')
  const file = join(box.project, 'pid')
  for (const [name, end] of [
    ['first', () => terminal.type('C-c')],
    ['second', () => process.kill(Number(readFileSync(join(box.project, 'tool.pid'), 'utf8')), 'SIGTERM')],
  ] as const) {
    terminal.type(`sh -c 'echo $$ > tool.pid; exec $TOOL build'; echo "ended $((0 + $?)) ${name}"`, 'Enter')
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '', {timeout: 20_000})
    const pid = Number(readFileSync(file, 'utf8'))
    end()
    await terminal.waitFor(new RegExp(`^ended (?:130|143) ${name}$`, 'm'))
    expect(processIdentity(pid)).toBeUndefined()
    expect(await settings(name)).toBe(before)
    expect(terminal.hasCursor()).toBe(true)
    rmSync(file)
  }
})

test('a build on a terminal has colours, in a pipe none', async () => {
  await using box = sandbox()
  box.write('.toolversion', 'sitec 1.0.0\n')
  box.write('content/index.md', '---\ntitle: Home\n---\n[gone](gone.md)\n')
  await using terminal = openTerminal({
    cwd: box.project,
    env: {...environment(box.root), TERM: 'xterm-256color'},
  })
  terminal.type(
    `script -qec "$TOOL build" /dev/null | grep -c $'\\e\\[31m' ; $TOOL build | grep -c $'\\e'; echo done`,
    'Enter',
  )
  expect(await terminal.waitFor(/^done$/m)).toMatch(/^[1-9]\d*\n0\ndone$/m)
})
