import {execFile} from 'node:child_process'
import {readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import * as library from '../../src/supervisor/index.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'

const guide = readFileSync(join(packageRoot, 'docs/guide/embed-a-supervisor.md'), 'utf8')
const blocks = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}))

function blockWith(part: string): string {
  const found = blocks.find(({text}) => text.includes(part))
  if (found === undefined) throw new Error(`the guide has nothing with ${part}`)
  return found.text
}

/** A folder of somebody who has installed this package, as it is built, and `vscode-jsonrpc`. */
function readersFolder(): Sandbox {
  const box = sandbox()
  box.write('node_modules/.keep', '')
  symlinkSync(packageRoot, join(box.project, 'node_modules/toolversion'))
  symlinkSync(
    join(packageRoot, 'node_modules/vscode-jsonrpc'),
    join(box.project, 'node_modules/vscode-jsonrpc'),
  )
  return box
}

async function run(box: Sandbox, code: string): Promise<string> {
  box.write('main.mjs', code)
  const env = {HOME: box.root, PATH: `${join(process.execPath, '..')}:${process.env.PATH}`}
  const {stdout, stderr} = await promisify(execFile)(process.execPath, ['main.mjs'], {cwd: box.project, env})
  expect(stderr).toBe('')
  return stdout
}

test('the first example prints what it says', async () => {
  await using box = readersFolder()
  const printed = await run(box, blockWith('process.exit(3)'))
  expect(printed.replace(/at: \d+/, 'at: 1790000000000')).toBe(blockWith("kind: 'exited', exit"))
})

test('the program that talks talks', async () => {
  await using box = readersFolder()
  box.write('greeter.mjs', blockWith('createMessageConnection'))
  expect(await run(box, blockWith("args: ['greeter.mjs']"))).toBe(blockWith('HELLO ANN'))
})

test('events are read to their end', async () => {
  await using box = readersFolder()
  const printed = await run(
    box,
    `import {createSupervisor} from 'toolversion/supervisor'
const supervisor = createSupervisor()
const worker = supervisor.start({file: 'true', restart: 'temporary'})
void worker.done.then(() => supervisor.shutdown())
${blockWith('of supervisor.events')}`,
  )
  expect(printed).toBe('1 workers\ntrue is starting\ntrue is ready\ntrue is stopped\n')
})

test('another program finds the supervisor, and uses it', async () => {
  await using box = readersFolder()
  const printed = await run(box, blockWith('connectControl({'))
  expect(printed).toMatch(/^\[ 'sleeper' \]\n\{\s+kind: 'stopped',/)
})

test('what the page names is exported', () => {
  const names = [...guide.matchAll(/import \{([^}]+)\} from 'toolversion\/supervisor'/g)].flatMap(
    ([, list = '']) => list.split(',').map(name => name.trim()),
  )
  expect(names.length).toBeGreaterThan(3)
  for (const name of [...names, 'Picture', 'defaultPolicy']) expect(library).toHaveProperty(name)
})
