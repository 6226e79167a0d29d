import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as delay} from 'node:timers/promises'
import {expect, test, vi} from 'vitest'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {printsReady, runsFixture, scriptedToolchain} from '../support/scripted-toolchain.ts'
import {startTool} from '../support/tool.ts'

const names = ['one', 'two', 'three']
const count = 2000

/** A project of three servers that all print at the same time. */
function chatter(box: Sandbox): void {
  for (const name of names) {
    const script = runsFixture(packageRoot, 'child-chatter.js', name, String(count))
    scriptedToolchain(box, name, script, {serve: printsReady(name)})
  }
  box.write('.toolversion', names.map(name => `${name} 1.0.0\n`).join(''))
}

/** Sees to it that each worker's lines are there, whole, and those of a stream in their order. */
function expectAll(lines: readonly string[], pattern: RegExp): void {
  const read = lines.map(line => pattern.exec(line)?.groups)
  for (const name of names) {
    for (const [index, stream] of ['out', 'err'].entries()) {
      const numbers = read.filter(one => one?.name === name && one.stream === stream).map(one => one?.number)
      expect(numbers).toEqual(Array.from({length: count / 2}, (_, at) => String(2 * at + index)))
    }
  }
}

const said = '(?<stream>out|err) (?<number>\\d+) x{100} end'

test('in a pipe and in the logs the lines of several servers are whole, with their names and without colours', async () => {
  await using box = sandbox()
  chatter(box)
  const serving = startTool(['serve', '--verbose'], {cwd: box.project, env: {HOME: box.root}})
  for (const _ of names) await serving.line()
  serving.kill('SIGINT')
  const {stderr, stdout} = await serving.ended
  expect(stdout).toMatch(/^(?:(?:one|two|three) 1\.0\.0 http:\S+\n){3}$/)
  expect(stderr).not.toContain('\u001b')
  const lines = stderr.split('\n')
  expectAll(lines, new RegExp(`^(?<name>\\w+) │ \\k<name> ${said}$`))
  // They did print at the same time.
  expect(
    lines.filter((line, at) => line.split(' ')[0] !== lines[at - 1]?.split(' ')[0]).length,
  ).toBeGreaterThan(10)
  const logs = readdirSync(box.context.layout.runs, {recursive: true, encoding: 'utf8'})
    .filter(path => /(?:one|two|three)\.log$/.test(path))
    .map(path => readFileSync(join(box.context.layout.runs, path), 'utf8').split('\n'))
  expect(logs).toHaveLength(3)
  expectAll(logs.flat(), new RegExp(`^\\S+Z (?:out|err) \u001b\\[1m(?<name>\\w+)\u001b\\[0m ${said}$`))
})

test('on a terminal each name has a colour of its own', async () => {
  await using box = sandbox()
  chatter(box)
  const script = join(packageRoot, 'bin', 'tool.cjs')
  const command = `stty cols 300; exec ${process.execPath} ${script} serve --verbose`
  const {CI: _, NO_COLOR: __, ...env} = process.env
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: box.project,
    env: {...env, HOME: box.root, PWD: box.project, TERM: 'xterm-256color', TOOL_LOG: ''},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk
  })
  const ended = text(child.stdout)
  await vi.waitUntil(() => screen.match(/^\w+ 1\.0\.0 http/gm)?.length === 3, {timeout: 60_000})
  // Ctrl-C, as the terminal makes a signal of it.
  child.stdin.write('\u0003')
  await ended
  // The bars of installs end with a few sequences of their own, before the first line.
  const lines = screen.split(/\r*\n/)
  expectAll(
    lines,
    new RegExp(
      `\u001b\\[\\d+m(?<name>\\w+) │\u001b\\[39m \u001b\\[1m\\k<name>\u001b\\[0m ${said}\u001b\\[0m$`,
    ),
  )
  const colors = new Set(lines.flatMap(line => /^\u001b\[(\d+)m\w+ │/.exec(line)?.[1] ?? []))
  expect(colors.size).toBeGreaterThan(1)
})

test('who does not read what servers print costs a few megabytes, and is told what was left out', async () => {
  await using box = sandbox()
  const flood = 'yes "$(printf %0100d 7)" | head -c 100000000'
  const script = `${flood}; ${runsFixture(packageRoot, 'child-chatter.js', 'one', '0')}`
  scriptedToolchain(box, 'one', script, {serve: printsReady('one')})
  box.write('.toolversion', 'one 1.0.0\n')
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'tool.cjs'), 'serve', '--verbose'], {
    cwd: box.project,
    env: {HOME: box.root, PATH: process.env.PATH, PWD: box.project},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await once(child.stdout, 'data')
  const [, resident = ''] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  expect(Number(resident)).toBeLessThan(200_000)
  const told = text(child.stderr)
  await delay(200)
  child.kill('SIGINT')
  expect(await told).toMatch(/^tool │ \[\d+ lines were not taken in time, and are left out\]$/m)
})
