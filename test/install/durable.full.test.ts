import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {expect, test} from 'vitest'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'

test('every file and folder of a version is on the disk before it counts, and its place in the store after', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const {layout} = box.context
  box.write('../.tool/toolchains/ore.json', JSON.stringify(npmToolchain('ore')))
  registry.publish('ore', '1.0.0', {
    'bin/ore': '#!/bin/sh\n',
    'lib/deep/data.txt': 'data',
    'package.json': '{}',
  })
  const env = {HOME: box.root, ...registry.env}
  const log = join(box.root, 'trace')
  const strace = join(box.root, 'traced')
  const script = join(packageRoot, 'bin', 'tool.cjs')
  box.write(
    '../traced',
    `require('node:child_process').execFileSync('strace', ['-f', '-y', '-o', ${JSON.stringify(log)}, '-e', 'trace=fsync,fdatasync,/rename', process.execPath, ${JSON.stringify(script)}, ...process.argv.slice(2)])`,
  )
  expect(await tool(['install', 'ore@1.0.0'], {cwd: box.project, env, script: strace})).toMatchObject({
    code: 0,
  })

  const lines = readFileSync(log, 'utf8').split('\n')
  const place = layout.version('ore', '1.0.0')
  const promoted = lines.findIndex(line => /rename/.test(line) && line.includes(`"${place}"`))
  expect(promoted).toBeGreaterThan(0)
  const staged = /rename[^"]*"([^"]+)"/.exec(lines[promoted] ?? '')?.[1] ?? ''
  const synced = (from: readonly string[]) =>
    new Set(from.flatMap(line => /f(?:data)?sync\(\d+<([^>]+)>/.exec(line)?.[1] ?? []))
  const before = synced(lines.slice(0, promoted))
  const all = readdirSync(place, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() || entry.isDirectory())
    .map(entry => relative(place, join(entry.parentPath, entry.name)))
  expect(all).toContain('package/lib/deep/data.txt')
  for (const path of ['', ...all]) expect(before, path).toContain(join(staged, path))
  const after = synced(lines.slice(promoted))
  for (const folder of [layout.toolchain('ore'), layout.versions]) expect(after).toContain(folder)
  expect(spawnSync(join(place, 'bin', 'ore')).status).toBe(0)
})
