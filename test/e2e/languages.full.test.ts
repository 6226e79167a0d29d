import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {checkWorker} from '../../src/house/worker-check.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {startTool, tool} from '../support/tool.ts'

const source = (name: string) => join(packageRoot, 'fixtures/workers', name)
const ready = (name: string) => (program: string) => copyFileSync(source(name), program)

/** How a program comes of each; what it takes is in scripts/system-packages.sh, and missing it is a failure. */
const workers: Record<string, {make(program: string): unknown; serves?: boolean}> = {
  'worker.py': {make: ready('worker.py'), serves: true},
  'worker.sh': {make: ready('worker.sh')},
  'worker.c': {
    make: program =>
      execFileSync('cc', [
        '-O2',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-pthread',
        '-o',
        program,
        source('worker.c'),
      ]),
  },
  'worker.rs': {
    make: program =>
      execFileSync('rustc', [
        '--edition',
        '2021',
        '-O',
        '-D',
        'warnings',
        '-o',
        program,
        source('worker.rs'),
      ]),
  },
}

/** Makes the program, and has it in a source of toolchains for this person. */
function offer(box: Sandbox, name: string): {program: string; env: Record<string, string>} {
  const program = join(box.root, 'todo')
  workers[name]?.make(program)
  chmodSync(program, 0o755)
  const bytes = readFileSync(program)
  const digest = (encoding: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(encoding)
  const store = join(box.root, 'source')
  mkdirSync(join(store, 'blobs/sha256'), {recursive: true})
  writeFileSync(join(store, 'blobs/sha256', digest('hex')), bytes)
  const artifact = {blob: `sha256-${digest('base64')}`, size: bytes.length, format: 'executable', strip: 0}
  writeFileSync(
    join(store, 'index.json'),
    JSON.stringify({versions: {'1.0.0': {artifacts: [artifact]}}, tags: {latest: '1.0.0'}}),
  )
  const definitions = join(box.context.layout.home, 'toolchains')
  mkdirSync(definitions, {recursive: true})
  const speaks = {driver: 'protocol', command: ['todo']}
  writeFileSync(
    join(definitions, 'todo.json'),
    JSON.stringify({
      name: 'todo',
      title: 'Todo',
      homepage: 'https://example.com/',
      sources: [{kind: 'directory', path: store}],
      executables: {todo: {path: 'bin/todo'}},
      build: speaks,
      ...(workers[name]?.serves && {serve: speaks}),
    }),
  )
  box.write('.toolversion', 'todo 1.0.0\n')
  return {program, env: {HOME: box.root}}
}

const names = Object.keys(workers)

test.each(names)('%s keeps the protocol', async name => {
  await using box = sandbox()
  const {program} = offer(box, name)
  box.write('ä b.txt', 'fine\nä🎉 TODO "this"\n')
  const report = await checkWorker(box.context, {command: [program], patience: 120_000})
  expect(report.checks.filter(({status}) => status === 'fail')).toEqual([])
  const skipped = report.checks.filter(({status}) => status === 'skipped').map(({id}) => id)
  expect(skipped).toEqual(workers[name]?.serves ? [] : ['serve'])
})

test.each(names)('%s is a compiler for tool build', async name => {
  await using box = sandbox()
  const {env} = offer(box, name)
  const file = box.write('ä b.txt', 'fine\nä🎉 TODO "this"\n')
  const ask = async () => {
    const ran = await tool(['build', '--format', 'json'], {cwd: box.project, env})
    return {code: ran.code, diagnostics: JSON.parse(ran.stdout).diagnostics}
  }
  const found = await ask()
  expect(found).toMatchObject({
    code: 1,
    diagnostics: [
      {
        uri: pathToFileURL(file).href,
        range: {start: {line: 1, character: 4}, end: {line: 1, character: 8}},
        severity: 1,
        code: 'TODO',
      },
    ],
  })
  box.write('ä b.txt', 'fine\n')
  expect(await ask()).toEqual({code: 0, diagnostics: []})
})

test('worker.py is a server for tool serve', async () => {
  await using box = sandbox()
  const {env} = offer(box, 'worker.py')
  box.write('hello.txt', 'hello')
  const serving = startTool(['serve'], {cwd: box.project, env})
  const [, url = ''] = /^todo 1\.0\.0 (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(await serving.line()) ?? []
  expect(await (await fetch(`${url}hello.txt`)).text()).toBe('hello')
  serving.kill('SIGINT')
  expect(await serving.ended).toMatchObject({code: 130})
  await expect(fetch(url)).rejects.toThrow()
})
