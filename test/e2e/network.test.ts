import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {expect, test} from 'vitest'
import {type Registry, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'

const files = {'bin/tsc': '#!/usr/bin/env node\n', 'bin/tsserver': '#!/usr/bin/env node\n'}

const run = (box: Sandbox, registry: Registry, ...args: string[]) =>
  tool(args, {cwd: box.project, env: {HOME: box.root, ...registry.env}})

function configure({context}: Sandbox, settings: object): void {
  mkdirSync(dirname(context.layout.config), {recursive: true})
  writeFileSync(context.layout.config, JSON.stringify(settings))
}

test('mirrors that config.json names are asked first, for lists and for archives', async () => {
  await using origin = await startRegistry()
  await using mirror = await startRegistry()
  await using box = sandbox()
  for (const registry of [origin, mirror]) registry.publish('typescript', '5.9.3', files)
  configure(box, {mirrors: {[origin.url]: [mirror.url]}})
  expect(await run(box, origin, 'install', 'typescript@5')).toMatchObject({code: 0})
  expect(origin.requests).toEqual([])
  expect(mirror.requests).toContain('GET /typescript/-/typescript-5.9.3.tgz')
})

test('what is not signed is refused where config.json says so, and nothing is left', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  registry.publish('typescript', '5.9.3', files)
  expect(await run(box, registry, 'config', 'set', 'verify', 'required')).toMatchObject({code: 0})
  const refused = await run(box, registry, 'install', 'typescript@5.9.3')
  expect(refused).toMatchObject({code: 6, stdout: ''})
  expect(refused.stderr).toMatch(/^error SIGNATURE_MISSING: .*config\.json.*\n {2}try: /m)
  expect(await run(box, registry, 'versions', '--bare')).toMatchObject({stdout: ''})
})

test('a time-out that config.json sets is kept to', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  registry.on('*', () => {})
  configure(box, {idleTimeout: 0.3})
  expect(await run(box, registry, 'install', 'typescript@5.9.3')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('sent nothing for 0.3 s'),
  })
})

test('what was uninstalled comes back from the cache, of a lock also without the network', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  registry.publish('typescript', '5.9.3', files)
  box.write('.toolversion', 'typescript 5.9.3\n')
  const inOrder = [
    ['lock'],
    ['install'],
    ['uninstall', '--yes', 'typescript@5.9.3'],
    ['install', '--offline'],
  ]
  for (const args of inOrder) expect(await run(box, registry, ...args)).toMatchObject({code: 0})
  expect(registry.requests.filter(line => line.endsWith('.tgz'))).toHaveLength(1)
})
