import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {renderCurrent} from '../../src/cli/render/current.ts'
import {current} from '../../src/house/current.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

test('each pin says where it comes from, and why', async () => {
  await using box = sandbox({PATH: '/nowhere', TOOL_SITEC_VERSION: 'path:own'})
  box.write('app/.toolversion', 'typescript ^5.9\nesbuild 0.28.2\nnode system\nsass 1\n')
  writeFileSync(join(box.project, '.toolversion'), 'ore mine\n')
  const definition = (name: string) => ({
    name,
    title: name,
    homepage: 'https://x.example/',
    sources: [{kind: 'npm', package: name}],
    executables: {[name]: {path: name}},
  })
  mkdirSync(box.context.layout.definitions, {recursive: true})
  for (const name of ['ore', 'sass'])
    writeFileSync(join(box.context.layout.definitions, `${name}.json`), JSON.stringify(definition(name)))
  box.write('app/node_modules/typescript/package.json', '{"version": "5.9.3"}')
  writeProgram(join(box.project, 'app/node_modules/typescript/bin/tsc'))
  putVersion(box, 'esbuild', '0.28.2')
  writeProgram(join(box.root, 'built/bin/ore'))
  mkdirSync(box.context.layout.toolchain('ore'), {recursive: true})
  symlinkSync(join(box.root, 'built'), box.context.layout.version('ore', 'mine'))
  mkdirSync(join(box.project, 'app/own/bin'), {recursive: true})
  const context = box.at({cwd: join(box.project, 'app')})
  const pins = current(context, await loadDefinitions(context))
  const found = pins.map(({toolchain, version, via, reason, hint}) => ({
    toolchain,
    version,
    via,
    reason,
    ...(hint && {hint}),
  }))
  expect(found).toEqual([
    {
      toolchain: 'typescript',
      version: '5.9.3',
      via: 'node-modules',
      reason: 'from node_modules/typescript, since 5.9.3 satisfies ^5.9 set by .toolversion:1',
    },
    {toolchain: 'esbuild', version: '0.28.2', via: 'store', reason: 'from the store, set by .toolversion:2'},
    {
      toolchain: 'node',
      version: null,
      via: 'system',
      reason: 'from PATH, as system is set by .toolversion:3',
    },
    {
      toolchain: 'sass',
      version: null,
      via: 'missing',
      reason: 'sass 1 is not installed (set by .toolversion:4)',
      hint: 'tool install sass@1',
    },
    {
      toolchain: 'ore',
      version: 'mine',
      via: 'linked',
      reason: 'linked into the store, set by ../.toolversion:1',
    },
    {toolchain: 'sitec', version: null, via: 'path', reason: 'from own/bin, set by TOOL_SITEC_VERSION'},
  ])
  expect(renderCurrent(pins, context)).toBe(
    [
      'typescript  5.9.3     (from node_modules/typescript, since 5.9.3 satisfies ^5.9 set by .toolversion:1)',
      'esbuild     0.28.2    (set by .toolversion:2)',
      'node        system    (set by .toolversion:3)',
      'sass        1         (set by .toolversion:4) not installed: tool install sass@1',
      'ore         mine      (linked into the store, set by ../.toolversion:1)',
      'sitec       path:own  (set by TOOL_SITEC_VERSION)',
      '',
    ].join('\n'),
  )
  expect(renderCurrent(pins, context, {verbose: true})).toContain(
    'esbuild     0.28.2    (from the store, set by .toolversion:2)\n',
  )
})

test('with a lock, its word', async () => {
  await using box = sandbox({PATH: ''})
  box.write('.toolversion', 'esbuild ^0.28\ntypescript 5.9.3\n')
  const integrity = `sha512-${'A'.repeat(86)}==`
  const lock = box.write('.toolversion.lock', `esbuild ^0.28 0.28.2\n  any ${integrity} - x\n`)
  putVersion(box, 'esbuild', '0.28.9', {runtime: 'none'})
  putVersion(box, 'typescript', '5.9.3', {runtime: 'none'})
  const pins = current(box.context, await loadDefinitions(box.context))
  expect(pins).toMatchObject([
    {toolchain: 'esbuild', version: null, via: 'missing', lock},
    {toolchain: 'typescript', version: null, via: 'missing', lock},
  ])
  expect(renderCurrent(pins, box.context)).toBe(
    [
      'esbuild     ^0.28  esbuild 0.28.2, which .toolversion.lock:1 names for esbuild ^0.28, is not installed (set by .toolversion:1): tool install',
      'typescript  5.9.3  .toolversion.lock has no entry for typescript 5.9.3 (set by .toolversion:2): tool install, or tool lock',
      '',
    ].join('\n'),
  )
})
