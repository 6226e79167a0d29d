import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {carriersOf} from '../support/carriers.ts'
import {packageRoot} from '../support/sandbox.ts'
import {siteMachine} from '../support/site-machine.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'

const served = /^sitec \S+ (http:\S+)$/m

/** A terminal in a sample site, where `$TOOL` is the built command. */
function atSite(m: ReturnType<typeof siteMachine>, site: string) {
  const TOOL = `${process.execPath} ${join(packageRoot, 'bin', 'tool.cjs')}`
  return openTerminal({cwd: site, env: {...m.env, PATH: process.env.PATH ?? '', TOOL}})
}

/** The id that everybody has whom the project's supervisor started. */
function instanceOf(m: ReturnType<typeof siteMachine>, site: string): string {
  const path = join(m.box.context.layout.run(site), 'supervisor.json')
  return JSON.parse(readFileSync(path, 'utf8')).instance
}

async function allIsGone(instance: string, url: string): Promise<void> {
  await vi.waitUntil(() => carriersOf(instance).length === 0, {timeout: 10_000})
  await expect(fetch(url)).rejects.toThrow()
}

test('who serves in the background and is killed leaves nothing, two seconds later', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const [, url = ''] = served.exec((await m.run(site, 'serve', '--detach')).stdout) ?? []
  const [{pid}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  const instance = instanceOf(m, site)
  expect(carriersOf(instance)).not.toEqual([])
  process.kill(pid, 'SIGKILL')
  await vi.waitUntil(() => carriersOf(instance).length === 0, {timeout: 2000})
  await expect(fetch(url)).rejects.toThrow()
  expect((await m.run(site, 'ps')).stdout).toBe('')
})

test('a terminal that is closed takes along what it served', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const terminal = atSite(m, site)
  terminal.type('$TOOL serve', 'Enter')
  const [, url = ''] = served.exec(await terminal.waitFor(served)) ?? []
  const instance = instanceOf(m, site)
  expect((await fetch(url)).status).toBe(200)
  await terminal[Symbol.asyncDispose]()
  await allIsGone(instance, url)
})

test('what serves in the background outlives the terminal that started it', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const terminal = atSite(m, site)
  terminal.type('$TOOL serve --detach', 'Enter')
  const [, url = ''] = served.exec(await terminal.waitFor(/tool stop ends that/)) ?? []
  const instance = instanceOf(m, site)
  await terminal[Symbol.asyncDispose]()
  expect((await fetch(url)).status).toBe(200)
  expect(await m.run(site, 'stop')).toMatchObject({code: 0, stdout: expect.stringMatching(/^sitec /)})
  await allIsGone(instance, url)
})

test.each([
  ['Ctrl-C', (terminal: Terminal): void => terminal.type('C-c')],
  ['SIGTERM', (_: Terminal, pid: number): unknown => process.kill(pid, 'SIGTERM')],
  ['SIGKILL', (_: Terminal, pid: number): unknown => process.kill(pid, 'SIGKILL')],
] as const)('after the end of tool serve by %s the terminal is as it was', async (_, end) => {
  await using m = siteMachine()
  const site = m.site('pages')
  await using terminal = atSite(m, site)
  const settings = async (name: string) => {
    terminal.type(`stty -g > ${name}; echo "wrote $((1)) ${name}"`, 'Enter')
    await terminal.waitFor(new RegExp(`^wrote 1 ${name}`, 'm'))
    return readFileSync(join(site, name), 'utf8')
  }
  const before = await settings('before')
  terminal.type('$TOOL serve', 'Enter')
  await terminal.waitFor(served)
  const [{pid}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  end(terminal, pid)
  await terminal.waitFor(/\$\s*$/)
  expect(await settings('after')).toBe(before)
})
