import {execFile, execFileSync} from 'node:child_process'
import {readFileSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {build} from 'esbuild'
import {expect, test} from 'vitest'
import {checkWorker} from '../../src/house/worker-check.ts'
import {definitionSchema} from '../../src/model/definition.ts'
import {directoryIndex} from '../../src/source/directory-index.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {run} from './running.ts'

const guide = readFileSync(join(packageRoot, 'docs/guide/write-a-compiler.md'), 'utf8')
const blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({
  language,
  text,
}))

function blockWith(language: string, part: string): string {
  const found = blocks.find(block => block.language === language && block.text.includes(part))
  if (found === undefined) throw new Error(`the guide has no ${language} with ${part}`)
  return found.text
}

/** A folder in which `toolversion` is installed, as for a reader of the guide: its SDK, under the name that it is published by. */
async function readersFolder(): Promise<Sandbox> {
  const box = sandbox()
  const {name, type, exports} = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  box.write('node_modules/toolversion/package.json', JSON.stringify({name, type, exports}))
  await build({
    entryPoints: [join(packageRoot, 'src/worker/index.ts')],
    outfile: join(box.project, 'node_modules/toolversion', exports['./worker'].default),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  symlinkSync(
    join(packageRoot, 'node_modules/vscode-jsonrpc'),
    join(box.project, 'node_modules/vscode-jsonrpc'),
  )
  box.write('package.json', '{"type": "module"}')
  return box
}

test('the first example does what the guide shows', async () => {
  await using box = await readersFolder()
  const program = box.write('short-lines.js', blockWith('js', "name: 'short-lines'"))
  const shown = blockWith('console', 'node short-lines.js 20')
  const [, input = ''] = /^\$ echo '(.*)' > input\.txt$/m.exec(shown) ?? []
  box.write('input.txt', `${input}\n`)
  const runIt = (limit: string) => promisify(execFile)(process.execPath, [program, limit], {cwd: box.project})
  const [, printed] = /20\n(.*\n)/.exec(shown) ?? []
  await expect(runIt('20')).rejects.toMatchObject({code: 1, stderr: printed})
  expect(await runIt('80')).toEqual({stdout: '', stderr: ''})
})

test('its server listens where it says', async () => {
  await using box = await readersFolder()
  const program = box.write('hello-server.js', blockWith('js', "name: 'hello-server'"))
  await using server = run(program, ['serve', '--port', '0'], {cwd: box.project})
  const [url] = await server.says('stdout', /^http:.*(?=\n)/)
  expect(await (await fetch(url)).text()).toBe('hello\n')
})

test.each(['short-lines', 'hello-server'])('%s keeps the protocol', async name => {
  await using box = await readersFolder()
  const program = box.write(`${name}.js`, blockWith('js', `name: '${name}'`))
  box.write('input.txt', 'short\n')
  const only = ['compile', 'shutdown', 'lost', 'serve']
  const {checks} = await checkWorker(box.context, {command: [process.execPath, program], only})
  expect(checks.filter(({status}) => status === 'fail')).toEqual([])
})

test('bundled as the guide says, it needs nothing beside it', async () => {
  await using box = await readersFolder()
  box.write('short-lines.js', blockWith('js', "name: 'short-lines'"))
  const commands = blockWith('console', 'npx esbuild').replaceAll(/^\$ (?:npx )?/gm, '')
  const PATH = `${join(packageRoot, 'node_modules/.bin')}:${process.env.PATH}`
  execFileSync('sh', ['-ec', commands], {cwd: box.project, env: {PATH}, stdio: 'pipe'})
  rmSync(join(box.project, 'node_modules'), {recursive: true})
  rmSync(join(box.project, 'package'), {recursive: true})
  execFileSync('tar', ['-xzf', 'short-lines-1.0.0.tar.gz'], {cwd: box.project})
  box.write('input.txt', 'long enough\n')
  const program = join(box.project, 'bin/short-lines.js')
  const runIt = promisify(execFile)(process.execPath, [program, '4'], {cwd: box.project})
  await expect(runIt).rejects.toMatchObject({
    code: 1,
    stderr: 'input.txt:1:5: error TOO_LONG: longer than 4\n',
  })
})

test('its definition and its index are what toolversion reads', () => {
  expect(definitionSchema.parse(JSON.parse(blockWith('json', '"executables"')))).toMatchObject({
    name: 'short-lines',
  })
  expect(directoryIndex.parse(JSON.parse(blockWith('json', '"artifacts"')))).toMatchObject({
    tags: {latest: '1.0.0'},
  })
})
