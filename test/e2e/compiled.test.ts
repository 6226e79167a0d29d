import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {startTool, tool} from '../support/tool.ts'

/** Only root may start a process of another user. */
const isRoot = process.getuid?.() === 0

function pinned() {
  const box = sandbox()
  putVersion(box, 'typescript', '5.9.3', {executables: ['tsc']})
  box.write('.toolversion', 'typescript 5.9.3\n')
  const cache = box.at({}).layout.cache
  mkdirSync(cache, {recursive: true})
  const folder = join(cache, 'compiled')
  const files = () => (existsSync(folder) ? readdirSync(folder).filter(name => name.includes('-dist-')) : [])
  const options = {cwd: box.project, env: {HOME: box.root}}
  return {
    box,
    cache,
    folder,
    files,
    options,
    run: (...words: string[]) => tool(words, options),
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]()
    },
  }
}

/** How many calls added to what is kept: it counts on only where V8 has taken over what was there. */
const usesOf = (path: string) => readFileSync(path)[0]

test.each([['which', 'tsc'], ['current'], ['exec', 'true'], ['versions'], ['trust', '--show']])(
  'what `tool %s %s` compiled is kept, and taken over by the next calls',
  async (...words) => {
    await using s = pinned()
    for (const uses of [1, 2, 3, 4, 4]) {
      expect(await s.run(...words.filter(Boolean))).toMatchObject({code: 0, stderr: ''})
      expect(s.files().length).toBeGreaterThan(0)
      expect(s.files().every(name => name.startsWith(`${words[0]}-dist-`))).toBe(true)
      for (const name of s.files()) expect(usesOf(join(s.folder, name))).toBe(uses)
    }
  },
)

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, 20_000)],
  ['empty', () => Buffer.alloc(0)],
  ['with a page of zeros', (bytes: Buffer) => Buffer.from(bytes).fill(0, 8192, 12_288)],
  ['of other source', (bytes: Buffer) => Buffer.from(bytes).fill('0', 1, 32)],
  ['no such thing', () => Buffer.from('{"hello": "world"}'.repeat(1000))],
])('kept code that is %s is compiled again', async (_, spoil) => {
  await using s = pinned()
  for (let call = 0; call < 2; call++) await s.run('which', 'tsc')
  const [name = ''] = s.files()
  const path = join(s.folder, name)
  expect(usesOf(path)).toBe(2)
  writeFileSync(path, spoil(readFileSync(path)))
  expect(await s.run('which', 'tsc')).toMatchObject({code: 0, stderr: ''})
  expect(usesOf(path)).toBe(1)
})

test.runIf(isRoot)('what another user kept is not run', async () => {
  await using s = pinned()
  await s.run('which', 'tsc')
  chmodSync(s.box.root, 0o755)
  for (const path of [s.cache, s.folder]) chmodSync(path, 0o777)
  const [name = ''] = s.files()
  const path = join(s.folder, name)
  chmodSync(path, 0o666)
  expect(await tool(['which', 'tsc'], {...s.options, uid: 65_534})).toMatchObject({code: 0, stderr: ''})
  expect(usesOf(path)).toBe(1)
  expect(statSync(path).uid).toBe(65_534)
})

test('a word that is no command leaves no file', async () => {
  await using s = pinned()
  expect(await s.run('wich', 'tsc')).toMatchObject({code: 2})
  expect(await s.run('which', '--colour', 'tsc')).toMatchObject({code: 2})
  expect(s.files()).toEqual([])
})

test.runIf(isRoot)('a cache that nobody may write or read is done without', async () => {
  await using s = pinned()
  await s.run('which', 'tsc')
  chmodSync(s.box.root, 0o755)
  for (const mode of [0o500, 0o000]) {
    chmodSync(s.cache, mode)
    const ran = await tool(['which', 'tsc'], {...s.options, uid: 65_534})
    expect(ran).toMatchObject({code: 0, stderr: ''})
  }
  chmodSync(s.cache, 0o700)
})

test('what lies below the working directory is not even opened', async () => {
  await using s = pinned()
  await s.run('which', 'tsc')
  const folder = join(s.box.project, 'home', 'cache', 'compiled')
  mkdirSync(folder, {recursive: true})
  // Who opens one of these waits for ever.
  for (const name of s.files()) execFileSync('mkfifo', [join(folder, name)])
  expect(s.files()).not.toEqual([])
  const env = {HOME: s.box.root, TOOL_HOME: 'home'}
  const running = startTool(['which', 'tsc'], {cwd: s.box.project, env})
  onTestFinished(() => running.kill('SIGKILL'))
  expect(await running.ended).toMatchObject({code: 2, stderr: expect.stringContaining('HOME_NOT_ABSOLUTE')})
})

test('two commands at once keep one whole file', async () => {
  await using s = pinned()
  const ran = await Promise.all(Array.from({length: 8}, () => s.run('version-name')))
  expect(ran.every(({code}) => code === 0)).toBe(true)
  expect(s.files()).toHaveLength(1)
  expect(await s.run('version-name')).toMatchObject({code: 0, stdout: '5.9.3\n', stderr: ''})
})
