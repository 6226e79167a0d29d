import {appendFileSync, rmSync, utimesSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {type Twins, twins} from '../support/twins.ts'
import {fetchTypescript, typescriptIn} from '../support/typescript.ts'

const versions = ['5.9.3', '6.0.2', '4.7.4']
const folders = new Map<string, string>()
let downloads: Sandbox

beforeAll(async () => {
  downloads = sandbox()
  for (const version of versions) folders.set(version, await fetchTypescript(downloads.root, version))
}, 120_000)

afterAll(() => downloads[Symbol.asyncDispose]())

type Files = Record<string, string | undefined>

const config = (options: object, rest: object = {}) =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2020',
      lib: ['es2020'],
      module: 'node16',
      moduleResolution: 'node16',
      strict: true,
      types: [],
      rootDir: 'src',
      outDir: 'dist',
      ...options,
    },
    include: ['src'],
    ...rest,
  })

const project: Files = {
  'tsconfig.json': config({}),
  'src/a.ts': "export type Kind = 'one' | 'two' | 'three'\nexport const kind: Kind = 'one'\n",
  'src/b.ts':
    "import {kind} from './a'\nimport {helper} from 'helper'\nexport const n: number = helper(kind)\n",
  'src/c.ts': "export const later: 'z' | 'y' | 'x' = 'x'\n",
  'node_modules/helper/package.json': '{"name": "helper", "types": "index.d.ts"}',
  'node_modules/helper/index.d.ts': 'export function helper(text: string): number\n',
}

function typescript(version: string): Twins {
  return twins(typescriptIn(folders.get(version) ?? '', version))
}

async function same(both: Twins, args: readonly string[] = []) {
  const cold = await both.cold(args)
  const warm = await both.warm(args)
  expect(warm).toEqual(cold)
  return warm
}

/** What is done to the project, one after the other, and how a build goes then. */
const edits: readonly [string, (both: Twins) => void, string][] = [
  ['nothing', () => {}, 'ok'],
  [
    'a type is broken',
    both => both.write({'src/c.ts': "export const later: 'z' | 'y' | 'x' = 'w'\n"}),
    'errors',
  ],
  ['nothing, with an error', () => {}, 'errors'],
  [
    'another error elsewhere',
    both => both.write({'src/d.ts': "import {later} from './c'\nlater.foo\n"}),
    'errors',
  ],
  [
    'the first is mended',
    both => both.write({'src/c.ts': "export const later: 'z' | 'y' | 'x' = 'z'\n"}),
    'errors',
  ],
  ['the second is mended by removal', both => both.write({'src/d.ts': undefined}), 'ok'],
  ['a file is added', both => both.write({'src/deep/e.ts': "export {kind as e} from '../a'\n"}), 'ok'],
  ['only touched', both => both.both(folder => utimesSync(join(folder, 'src/a.ts'), 1, 1)), 'ok'],
  [
    'a type changes that others use',
    both => both.write({'src/a.ts': "export type Kind = 'two' | 1\nexport const kind: Kind = 1\n"}),
    'errors',
  ],
  ['and back', both => both.write({'src/a.ts': project['src/a.ts']}), 'ok'],
  [
    'a type of a package changes',
    both => both.write({'node_modules/helper/index.d.ts': 'export function helper(text: string): string\n'}),
    'errors',
  ],
  [
    'the package says where its types are otherwise',
    both =>
      both.write({
        'node_modules/helper/package.json': '{"name": "helper", "types": "other.d.ts"}',
        'node_modules/helper/other.d.ts': 'export function helper(text: string): number\n',
      }),
    'ok',
  ],
  [
    'the output is removed',
    both => both.both(folder => rmSync(join(folder, 'dist'), {recursive: true})),
    'ok',
  ],
  [
    'one output is changed',
    both => both.both(folder => appendFileSync(join(folder, 'dist/c.js'), 'x')),
    'ok',
  ],
  ['one output is removed', both => both.both(folder => rmSync(join(folder, 'dist/deep/e.js'))), 'ok'],
  [
    'a nearer file takes an import',
    both => both.write({'src/deep/a.ts': 'export {}\n', 'src/deep/e.ts': "export {kind as e} from './a'\n"}),
    'errors',
  ],
  ['and goes away', both => both.write({'src/deep/a.ts': undefined}), 'errors'],
  ['and is written otherwise', both => both.write({'src/deep/e.ts': 'export const e = 1\n'}), 'ok'],
  [
    'a package is gone',
    both => both.both(folder => rmSync(join(folder, 'node_modules'), {recursive: true})),
    'errors',
  ],
  [
    'it is written by hand',
    both =>
      both.write({
        'src/helper.d.ts': "declare module 'helper' {\n  export function helper(x: unknown): number\n}\n",
      }),
    'ok',
  ],
  [
    'options change',
    both => both.write({'tsconfig.json': config({target: 'es2017', declaration: true})}),
    'ok',
  ],
  [
    'options are stricter',
    both =>
      both.write({
        'tsconfig.json': config({noUnusedLocals: true}),
        'src/c.ts': 'const unused = 1\nexport {}\n',
      }),
    'errors',
  ],
  [
    'no output with errors',
    both =>
      both.write({
        'tsconfig.json': config({noUnusedLocals: true, noEmitOnError: true}),
        'src/f.ts': 'export const f = 1\n',
      }),
    'errors',
  ],
  ['mended', both => both.write({'src/c.ts': 'export {}\n'}), 'ok'],
  ['a broken syntax', both => both.write({'src/c.ts': 'export const = {\n'}), 'errors'],
  ['a broken tsconfig', both => both.write({'tsconfig.json': config({tarqet: 'es5'})}), 'errors'],
  [
    'an extended one',
    both =>
      both.write({
        'tsconfig.json': '{"extends": "./base.json"}',
        'base.json': config({noImplicitAny: false}),
        'src/c.ts': 'export const c = 1\n',
      }),
    'ok',
  ],
  [
    'the base changes',
    both =>
      both.write({
        'base.json': config({removeComments: true}, {include: ['src/c.ts']}),
        'src/c.ts': '/** said */\nexport const c = 1\n',
      }),
    'ok',
  ],
  [
    'without output',
    both => both.write({'base.json': config({noEmit: true}), 'src/c.ts': 'export const c: string = 2\n'}),
    'errors',
  ],
]

/** What a build of every version is compared after: there is much in it that is the same in all. */
const milestones =
  /^(?:nothing, with|the second|a type changes|the package says|a nearer|and is written|no output|mended|the base)/

describe.each(versions)('typescript %s', version => {
  const all = version === versions[0]

  test('a kept compiler says and writes what tsc does, edit by edit', async () => {
    await using both = typescript(version)
    both.write(project)
    expect((await same(both)).status).toBe('ok')
    for (const [what, change, status] of edits) {
      if (!all && what.includes('output is')) continue
      change(both)
      if (!all && !milestones.test(what)) continue
      const built = await same(both).catch(error => {
        throw new Error(`after: ${what}`, {cause: error})
      })
      expect(built.status, what).toBe(status)
    }
  })

  test.each([
    ['incremental', {incremental: true}],
    ['composite, in one place', {composite: true, tsBuildInfoFile: 'cache/info.tsbuildinfo'}],
  ])('%s', async (_, options) => {
    await using both = typescript(version)
    both.write({...project, 'tsconfig.json': config(options)})
    const steps: ((() => void) | undefined)[] = [
      undefined,
      undefined,
      () => both.write({'src/c.ts': 'export const c: string = 2\n'}),
      undefined,
      () => both.write({'src/c.ts': 'export const c: string = "2"\n'}),
      () => both.both(folder => rmSync(join(folder, 'dist/a.js'), {force: true})),
      () => both.both(folder => rmSync(join(folder, 'dist'), {recursive: true, force: true})),
      () => both.both(folder => rmSync(join(folder, 'cache'), {recursive: true, force: true})),
      () => both.write({'src/a.ts': 'export type Kind = 1\nexport const kind: Kind = 1\n'}),
      () => both.write({'src/a.ts': project['src/a.ts']}),
      () => both.write({'tsconfig.json': config({...options, declaration: true, noEmitOnError: true})}),
    ]
    for (const step of all ? steps : steps.slice(0, 3)) {
      step?.()
      await same(both)
    }
  })
})
