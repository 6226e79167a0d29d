import {appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, expect, test} from 'vitest'
import type {WatchRun} from '../../src/watch/runs.ts'
import {realNetwork} from '../support/real-network.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {type Running, startTool, tool} from '../support/tool.ts'

/** One home for all of them: what one test installed is there for the next. */
const box = sandbox()
afterAll(() => box[Symbol.asyncDispose]())
const env = {HOME: box.root, TOOL_HOME: box.context.layout.home, ...realNetwork()}

/** A project that pins compilers, watched to its first runs. */
async function watched(name: string, pins: string, files: Readonly<Record<string, string>>) {
  const cwd = join(box.root, name)
  const write = (path: string, text: string) => {
    mkdirSync(join(cwd, path, '..'), {recursive: true})
    writeFileSync(join(cwd, path), text)
  }
  for (const [path, text] of Object.entries({'.toolversion': pins, '.gitignore': 'dist/\n', ...files}))
    write(path, text)
  const watch = startTool(['watch', '--json'], {cwd, env})
  return {
    cwd,
    write,
    run: () => nextRun(watch),
    async [Symbol.asyncDispose]() {
      watch.kill('SIGINT')
      expect(await watch.ended).toMatchObject({code: 130})
    },
  }
}

async function nextRun(watch: Running): Promise<WatchRun> {
  for (;;) {
    const event = JSON.parse(await watch.line())
    if (event.type === 'watch/run') return event
  }
}

/** A quick compiler may begin between two writes of a save, whose clock may be behind besides, in ms. */
const tick = 20

const codes = ({added}: WatchRun) => added.map(({code}) => code)

test.each(['2.8.4', '3.0.3', '5.9.3', '7.0.2'])('typescript %s, by its own watch mode', async version => {
  const config = {compilerOptions: {strict: true, noEmit: true}, files: ['src/a.ts', 'src/b.ts']}
  await using w = await watched(`typescript-${version}`, `typescript ${version}\n`, {
    'tsconfig.json': JSON.stringify(config),
    'src/a.ts': 'export const a: number = "x"\n',
    'src/b.ts': 'export const b: number = true\n',
  })
  const first = await w.run()
  expect(first).toMatchObject({version, status: 'error', latencyMs: null, summary: {errors: 2, files: 2}})
  w.write('src/a.ts', 'export const a: number = 1\n')
  const second = await w.run()
  expect(second).toMatchObject({status: 'error', added: [], resolved: 1, summary: {errors: 1, files: 1}})
  expect(second.latencyMs).toBeGreaterThanOrEqual(second.durationMs - tick)
  w.write('src/b.ts', 'export const b: number = missing\n')
  const third = await w.run()
  expect(codes(third)).toEqual(['TS2304'])
  w.write('src/b.ts', 'export const b = 2\n')
  expect(await w.run()).toMatchObject({status: 'ok', added: [], resolved: 1, summary: {errors: 0, files: 0}})
})

test('typescript 2.7, whose watch mode can’t be read, is run anew', async () => {
  await using w = await watched('typescript-2.7', 'typescript 2.7.2\n', {
    'tsconfig.json': JSON.stringify({compilerOptions: {noEmit: true}, files: ['a.ts']}),
    'a.ts': 'export const a: number = "x"\n',
  })
  expect(await w.run()).toMatchObject({status: 'error', summary: {errors: 1}})
  w.write('a.ts', 'export const a: number = 1\n')
  const second = await w.run()
  expect(second).toMatchObject({status: 'ok', resolved: 1})
  expect(second.latencyMs).toBeGreaterThanOrEqual(second.durationMs - tick)
})

test.each(['0.14.1', '0.28.2'])('esbuild %s, by its own watch mode', async version => {
  await using w = await watched(`esbuild-${version}`, `esbuild ${version}\n`, {
    'tool.json': JSON.stringify({build: {esbuild: {args: ['src/a.js', '--bundle', '--outdir=dist']}}}),
    'src/a.js': 'import "./b"\nlet a = ;\n',
    'src/b.js': 'export {}\n',
  })
  expect(await w.run()).toMatchObject({version, status: 'error', latencyMs: null, summary: {errors: 1}})
  w.write('src/a.js', 'import "./b"\nlet a = 1\n')
  expect(await w.run()).toMatchObject({status: 'ok', resolved: 1, summary: {errors: 0, files: 0}})
  w.write('src/b.js', 'let b = ]\n')
  expect(await w.run()).toMatchObject({status: 'error', resolved: 0, summary: {errors: 1}})
})

test('esbuild 0.9, whose errors can’t be read, is run anew, and fails by its exit code', async () => {
  await using w = await watched('esbuild-0.9', 'esbuild 0.9.0\n', {
    'tool.json': JSON.stringify({build: {esbuild: {args: ['a.js', '--bundle', '--outdir=dist']}}}),
    'a.js': 'let a = ;\n',
  })
  expect(await w.run()).toMatchObject({status: 'error', summary: {errors: 0}})
  w.write('a.js', 'let a = 1\n')
  expect(await w.run()).toMatchObject({status: 'ok'})
})

test('sass, run anew', async () => {
  await using w = await watched('sass', 'sass 1.108.2\n', {
    'tool.json': JSON.stringify({build: {sass: {args: ['styles:dist']}}}),
    'styles/a.scss': '@use "x";\na {b: x.$c}\n',
    'styles/_x.scss': '$c: red;\n',
    'styles/b.scss': '@warn "careful";\nb {c: d}\n',
  })
  expect(await w.run()).toMatchObject({status: 'ok', summary: {errors: 0, warnings: 1, files: 1}})
  w.write('styles/_x.scss', '$c: red;\n}\n')
  expect(await w.run()).toMatchObject({status: 'error', summary: {errors: 1, warnings: 1, files: 2}})
  w.write('styles/_x.scss', '$c: blue;\n')
  expect(await w.run()).toMatchObject({
    status: 'ok',
    latencyMs: expect.any(Number),
    summary: {errors: 0, warnings: 1},
    resolved: 1,
  })
  expect(readFileSync(join(w.cwd, 'dist/a.css'), 'utf8')).toContain('blue')
})

test('rescript 11, by its own watch mode', async () => {
  await using w = await watched('rescript', 'rescript 11.1.4\n', {
    'rescript.json': JSON.stringify({name: 'r', sources: ['src'], 'package-specs': {module: 'esmodule'}}),
    '.gitignore': 'lib/\n',
    'src/A.res': 'let a: int = "x"\n',
  })
  expect(await w.run()).toMatchObject({status: 'error', latencyMs: null, summary: {errors: 1}})
  const save = () => w.write('src/A.res', 'let a: int = 1\n')
  save()
  // It says that it has finished a moment before it looks at its files again.
  const again = setInterval(save, 2000)
  expect(await w.run()).toMatchObject({status: 'ok', resolved: 1, summary: {errors: 0}})
  clearInterval(again)
})

test('two compilers of one project, each with its own answer to the same save', async () => {
  const site = join(box.root, 'broken')
  cpSync(join(packageRoot, 'fixtures/sites/broken'), site, {recursive: true})
  await tool(['install'], {cwd: site, env})
  const watch = startTool(['watch', '--json'], {cwd: site, env})
  const runs = [await nextRun(watch), await nextRun(watch)]
  expect(runs.map(({toolchain, summary}) => `${toolchain} ${summary.errors}`).sort()).toEqual([
    'esbuild 1',
    'typescript 1',
  ])
  appendFileSync(join(site, 'src/time.ts'), 'export const more: number = ""\n')
  for (;;) {
    const {toolchain, summary, latencyMs} = await nextRun(watch)
    if (toolchain === 'typescript' && summary.errors === 2 && latencyMs !== null) break
  }
  watch.kill('SIGINT')
  expect(await watch.ended).toMatchObject({code: 130})
})
