import {cpSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {build} from '../../src/build/build.ts'
import type {ProjectConfig} from '../../src/model/project-config.ts'
import {readProjectConfig} from '../../src/toolchain/project-config.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {esbuild, typescript} from '../support/targets.ts'

/** A copy of a sample project, with its settings. */
async function site(box: Sandbox, name: string): Promise<ProjectConfig> {
  cpSync(join(packageRoot, 'fixtures/sites', name), box.project, {recursive: true})
  return readProjectConfig(box.project)
}

test('the hello site builds without a complaint', async () => {
  await using box = sandbox()
  const config = await site(box, 'hello')
  const targets = [typescript(config.build?.typescript), esbuild(config.build?.esbuild)]
  const result = await build(box.context, {root: box.project, targets})
  expect(result.toolchains.map(({name, status}) => `${name} ${status}`)).toEqual([
    'typescript ok',
    'esbuild ok',
  ])
  expect(result.diagnostics).toEqual([])
  expect(existsSync(join(box.project, 'dist/main.js'))).toBe(true)
  expect(existsSync(join(box.project, 'dist/style.css'))).toBe(true)
})

test('the broken site has one error of each compiler', async () => {
  await using box = sandbox()
  const config = await site(box, 'broken')
  const targets = [typescript(config.build?.typescript), esbuild(config.build?.esbuild)]
  const result = await build(box.context, {root: box.project, targets, color: true})
  expect(result.toolchains.map(({name, status}) => `${name} ${status}`)).toEqual([
    'typescript errors',
    'esbuild errors',
  ])
  expect(result.diagnostics).toMatchObject([
    {
      toolchain: 'esbuild',
      uri: pathToFileURL(join(box.project, 'src/main.ts')).href,
      range: {start: {line: 0, character: 17}, end: {line: 0, character: 29}},
      severity: 1,
      message: 'No loader is configured for ".svg" files: src/face.svg',
    },
    {
      toolchain: 'typescript',
      uri: pathToFileURL(join(box.project, 'src/time.ts')).href,
      range: {start: {line: 8, character: 62}, end: {line: 8, character: 69}},
      severity: 1,
      code: 'TS2322',
      message: "Type 'string' is not assignable to type 'number'.",
      relatedInformation: [{message: expect.stringContaining("property 'seconds'")}],
    },
  ])
  expect(result.summary).toMatchObject({errors: 2, warnings: 0, files: 2})
})
