import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {occupyPort} from '../support/serving.ts'
import {siteMachine} from '../support/site-machine.ts'
import {tool} from '../support/tool.ts'

const served = /^sitec (\S+) (http:\/\/127\.0\.0\.1:\d+\/)$/

test('tool stop ends the project’s servers; a second one finds nothing and is content', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const server = m.start(site, 'serve')
  const [, version = '', url = ''] = served.exec(await server.line()) ?? []
  expect(await m.run(site, 'stop', 'typescript')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `no typescript runs for the project in ${site}\n`,
  })
  expect((await fetch(url)).status).toBe(200)

  const stopped = await m.run(site, 'stop')
  expect(stopped).toEqual({
    code: 0,
    signal: null,
    stdout: `sitec ${version}  stopped in ~/pages\n`,
    stderr: '',
  })
  await expect(fetch(url)).rejects.toThrow()
  expect(await server.ended).toMatchObject({code: 0})
  expect(await m.run(site, 'stop')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `nothing runs for the project in ${site}\n`,
  })
  expect(await m.run(site, 'stop', '--all', '--json')).toMatchObject({code: 0, stdout: '[]\n'})
  expect(await m.run(m.box.root, 'stop')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^there is no project in .*, so nothing runs here; /),
  })
})

test('tool ps lists the servers of all projects, tool stop --all ends them', async () => {
  await using m = siteMachine()
  const sites = [m.site('pages'), m.site('pages-next')]
  const servers = sites.map(site => m.start(site, 'serve'))
  const urls = (await Promise.all(servers.map(server => server.line()))).map(line => served.exec(line)?.[2])

  const {stdout} = await m.run(m.box.root, 'ps', '--json')
  expect(JSON.parse(stdout)).toEqual(
    sites.map((root, index) => ({
      root,
      pid: servers[index]?.pid,
      version: expect.any(String),
      detached: false,
      started: expect.any(Number),
      workers: [
        {
          toolchain: 'sitec',
          version: expect.stringMatching(/^\d/),
          mode: 'serve',
          state: 'ready',
          pid: expect.any(Number),
          uptime: expect.any(Number),
          restarts: 0,
          memory: process.platform === 'win32' ? null : expect.any(Number),
          cpuTime: process.platform === 'win32' ? null : expect.any(Number),
          urls: [urls[index]],
        },
      ],
    })),
  )
  const [{workers}] = JSON.parse(stdout)
  expect(workers[0].memory).toBeGreaterThan(1_000_000)
  const table = await m.run(m.box.root, 'ps')
  expect(table.stdout.split('\n')).toEqual([
    expect.stringMatching(/^PROJECT +TOOLCHAIN +MODE +STATE +PID +UPTIME +RESTARTS +MEMORY +CPU TIME +URL$/),
    expect.stringMatching(/^~\/pages +sitec \S+ +serve +ready +\d+ +\d+s +0 +[\d.]+ MB +[\d.]+s +http:\S+$/),
    expect.stringMatching(/^~\/pages-next +sitec 2\.0\.0 +serve +ready /),
    '',
  ])

  const all = await m.run(m.box.root, 'stop', '--all')
  expect(all).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^sitec \S+ {2}stopped in ~\/pages\nsitec 2\.0\.0 {2}stopped in ~\/pages-next\n$/,
    ),
  })
  await Promise.all(servers.map(server => server.ended))
  expect(await m.run(m.box.root, 'ps')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'nothing runs for any project\n',
  })
})

test('what a supervisor left that was killed is swept, a live one’s is not', async () => {
  await using m = siteMachine()
  const [dead, alive] = [m.site('pages'), m.site('pages-next')]
  const servers = [dead, alive].map(site => m.start(site, 'serve'))
  await Promise.all(servers.map(server => server.line()))
  servers[0]?.kill('SIGKILL')
  await servers[0]?.ended
  const runs = join(m.box.root, '.tool', 'run')
  const left = () => readdirSync(runs).filter(name => existsSync(join(runs, name, 'supervisor.json')))
  expect(left()).toHaveLength(2)

  const {stdout} = await m.run(dead, 'ps', '--json')
  expect(JSON.parse(stdout)).toMatchObject([{root: alive, workers: [{state: 'ready'}]}])
  expect(left()).toEqual([expect.stringMatching(/^pages-next-/)])
  const sockets = readdirSync(runs).filter(name => existsSync(join(runs, name, 'control.sock')))
  expect(sockets).toEqual(left())
  expect(await m.run(join(alive, 'content'), 'stop')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sitec 2\.0\.0 {2}stopped/),
  })
  await servers[1]?.ended
})

test('--all and a toolchain contradict each other', async () => {
  await using m = siteMachine()
  expect(await m.run(m.box.root, 'stop', 'sitec', '--all')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error STOP_ALL_WITH_TOOLCHAIN: /),
  })
})

test('serve --detach returns when the servers listen; asking again joins them; they are a session of their own', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const env = {...m.env, TOOL_SUPERVISORS: 'above', TOOL_IPC: '/nowhere', TOOL_WORKER_TOKEN: 'secret'}
  const first = await tool(['serve', '--detach'], {cwd: site, env})
  expect(first).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/in the background; tool stop ends that\n$/),
  })
  const [line, version = '', url = ''] = served.exec(first.stdout.trimEnd()) ?? []
  expect((await fetch(url)).status).toBe(200)
  expect(await m.run(site, 'serve', '-d')).toEqual({
    code: 0,
    signal: null,
    stdout: `${line}\n`,
    stderr: 'it is served in the background already\n',
  })

  const [project] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  const {
    pid,
    workers: [worker],
  } = project
  expect(project).toMatchObject({detached: true, workers: [{version, urls: [url]}]})
  if (process.platform === 'linux') {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    expect({group, session}).toEqual({group: String(pid), session: String(pid)})
    const environment = (of: number) => readFileSync(`/proc/${of}/environ`, 'latin1').split('\0')
    expect(environment(pid).filter(entry => /^TOOL_(?!HOME)/.test(entry))).toEqual([])
    const inherited = environment(worker.pid).filter(entry => /^TOOL_SUPERVISORS|^NODE_CHANNEL/.test(entry))
    expect(inherited).toEqual([expect.stringMatching(/^TOOL_SUPERVISORS=[^,]+$/)])
    expect(readlinkSync(`/proc/${pid}/fd/0`)).toBe('/dev/null')
  }

  const follower = m.start(site, 'serve')
  expect(await follower.line()).toBe(line)
  follower.kill('SIGINT')
  expect(await follower.ended).toMatchObject({code: 130})
  expect((await fetch(url)).status).toBe(200)
  expect(await m.run(site, 'stop')).toMatchObject({code: 0, stdout: `sitec ${version}  stopped in ~/pages\n`})
  await expect(fetch(url)).rejects.toThrow()
})

test('of several serve --detach at the same time one has the servers, and all tell the same', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  await m.run(site, 'install')
  const all = await Promise.all([1, 2, 3].map(() => m.run(site, 'serve', '--detach', '--json')))
  expect(all).toMatchObject(all.map(() => ({code: 0, stdout: all[0]?.stdout})))
  expect(JSON.parse(all[0]?.stdout ?? '')).toMatchObject({toolchain: 'sitec', port: expect.any(Number)})
  expect(JSON.parse((await m.run(site, 'ps', '--json')).stdout)).toMatchObject([{detached: true}])
  expect((await m.run(site, 'stop')).stdout).toMatch(/^sitec \S+ {2}stopped in ~\/pages\n$/)
})

test('a server that can’t start in the background is told as in the foreground, and nothing stays', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  await using taken = await occupyPort()
  const port = String(taken.port)
  const [front, back] = [
    await m.run(site, 'serve', '--port', port),
    await m.run(site, 'serve', '-d', '--port', port),
  ]
  const told = (text: string) => text.slice(text.indexOf('sitec │'))
  expect(back).toMatchObject({code: 8, stdout: '', stderr: told(front.stderr)})
  expect(back.stderr).toContain('error PORT_IN_USE: ')
  expect((await m.run(site, 'ps')).stdout).toBe('')
  expect(await m.run(site, 'serve', '-d', 'typescript')).toMatchObject({code: 3})
  for (const words of ['{}', 'esbuild'])
    expect(await m.run(site, 'background', words)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BACKGROUND_BY_HAND'),
    })
})

/** A project of a toolchain whose server does what a script says. */
async function scripted(m: ReturnType<typeof siteMachine>, script: string): Promise<string> {
  const [definitions, folder] = [join(m.box.root, '.tool', 'toolchains'), join(m.box.root, 'build', 'bin')]
  for (const one of [definitions, folder]) mkdirSync(one, {recursive: true})
  const definition = {
    name: 'dev',
    title: 'Dev',
    homepage: 'https://dev.example/',
    sources: [{kind: 'npm', package: 'dev'}],
    executables: {dev: {path: 'bin/dev'}},
    serve: {driver: 'stream', command: ['dev'], ready: '^ready on (?<url>.*)'},
  }
  writeFileSync(join(definitions, 'dev.json'), JSON.stringify(definition))
  writeFileSync(join(folder, 'dev'), `#!/bin/sh\n${script}\n`, {mode: 0o755})
  await m.run(m.box.root, 'link', 'dev@mine', 'build')
  m.box.write('.toolversion', 'dev mine\n')
  return m.box.project
}

test('a server that dies in the background before it listens is told with its last words', async () => {
  await using m = siteMachine()
  const project = await scripted(m, 'echo one; echo the last words >&2; exit 3')
  const ran = await m.run(project, 'serve', '--detach')
  expect(ran).toMatchObject({code: 8, stdout: ''})
  expect(ran.stderr).toMatch(/^error WORKER_EXITED: dev .*the last it said: the last words/m)
  expect((await m.run(project, 'ps')).stdout).toBe('')
  expect((await m.run(project, 'logs')).stdout).toMatch(
    /dev │ one\ndev │ the last words\n.*|dev │ the last words\n/,
  )
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  'who gives up with %s before it listens leaves nothing',
  async signal => {
    await using m = siteMachine()
    const project = await scripted(m, 'echo $$ > "$HOME/pid"; exec sleep 1000')
    const starting = m.start(project, 'serve', '--detach')
    const pid = await vi.waitUntil(() => Number(readIfAny(join(m.box.root, 'pid'))), {timeout: 20_000})
    starting.kill(signal)
    expect(await starting.ended).toMatchObject(signal === 'SIGINT' ? {code: 130} : {signal})
    await vi.waitUntil(() => processIdentity(pid) === undefined, {timeout: 20_000})
    await vi.waitUntil(async () => (await m.run(project, 'ps')).stdout === '', {timeout: 20_000})
  },
)

function readIfAny(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

test('tool restart starts the server again with the version that is pinned then', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  expect(await m.run(site, 'restart')).toMatchObject({code: 8, stderr: expect.stringContaining('NOT_SERVED')})
  const [, version = ''] = served.exec((await m.run(site, 'serve', '-d')).stdout.trimEnd()) ?? []
  const pidNow = async () => JSON.parse((await m.run(site, 'ps', '--json')).stdout)[0].workers[0].pid
  const before = await pidNow()
  expect(await m.run(site, 'restart', 'typescript')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('try: there is one of sitec'),
  })

  const {stdout, stderr} = await m.run(site, 'restart')
  const [, again, url = ''] = served.exec(stdout.trimEnd()) ?? []
  expect({again, stderr}).toEqual({again: version, stderr: ''})
  expect((await fetch(url)).status).toBe(200)
  expect(await pidNow()).not.toBe(before)
  const [{workers}] = JSON.parse((await m.run(site, 'ps', '--json')).stdout)
  expect(workers).toMatchObject([{restarts: 1, urls: [url]}])

  writeFileSync(join(site, '.toolversion'), 'sitec 2.0.0\n')
  await m.run(site, 'install')
  expect(await m.run(site, 'restart', 'sitec')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sitec 2\.0\.0 http:/),
    stderr: '',
  })
  // Who has lost the pins still can restart and stop what runs.
  rmSync(join(site, '.toolversion'))
  expect(await m.run(site, 'restart')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sitec 2\.0\.0 http:/),
  })
  expect(await m.run(site, 'stop')).toMatchObject({code: 0, stdout: 'sitec 2.0.0  stopped in ~/pages\n'})
})

test('a changed pin starts the server again with the new version, and says so; a wrong one changes nothing', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const pins = join(site, '.toolversion')
  const server = m.start(site, 'serve')
  const [, version = ''] = served.exec(await server.line()) ?? []
  const workers = async () => JSON.parse((await m.run(site, 'ps', '--json')).stdout)[0].workers

  // As editors save: in place, and by another file that takes the name.
  writeFileSync(pins, 'sitec 2.0.0\n')
  expect(await server.line()).toMatch(/^sitec 2\.0\.0 http:/)
  expect(await workers()).toMatchObject([{version: '2.0.0', state: 'ready'}])
  writeFileSync(`${pins}.new`, `sitec ${version}\n`)
  renameSync(`${pins}.new`, pins)
  const [, again, url = ''] = served.exec(await server.line()) ?? []
  expect(again).toBe(version)

  writeFileSync(pins, 'sitec 9.9.9\n')
  const logs = async () => (await m.run(site, 'logs')).stdout
  await vi.waitUntil(async () => /sitec │ goes on as it is: .*9\.9\.9/.test(await logs()), {timeout: 20_000})
  expect((await fetch(url)).status).toBe(200)
  writeFileSync(pins, `sitec ${version}\n`)
  writeFileSync(join(site, 'tool.json'), '{"serve": {"sitec": {"host": "localhost"}}}')
  expect(served.exec(await server.line())?.slice(1)).toEqual([version, expect.not.stringMatching(url)])
  await m.run(site, 'stop')
  const {stderr} = await server.ended
  expect(stderr).toContain(
    `sitec │ starts again with version 2.0.0, since its pin has changed from ${version}\n`,
  )
  expect(stderr).toContain('sitec │ starts again, since its settings have changed\n')
})

test('tool open hands the URL to the browser, and prints it', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const [, , url = ''] = served.exec((await m.run(site, 'serve', '-d')).stdout.trimEnd()) ?? []
  const opened = join(m.box.root, 'opened')
  const browser = join(m.box.root, 'browser')
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, {mode: 0o755})
  const open = (BROWSER: string, ...args: string[]) =>
    tool(['open', ...args], {cwd: site, env: {...m.env, BROWSER}})
  expect(await open(browser)).toEqual({code: 0, signal: null, stdout: `${url}\n`, stderr: ''})
  expect(readFileSync(opened, 'utf8')).toBe(url)
  const failing = {code: 0, stdout: `${url}\n`, stderr: 'there is no browser to open it in\n'}
  for (const none of ['none', 'false', '/nonexistent/browser'])
    expect(await open(none)).toMatchObject(failing)
  // There is no display here.
  expect(await open('')).toMatchObject(failing)
  expect(JSON.parse((await open('none', '--json')).stdout)).toMatchObject({
    url,
    toolchain: 'sitec',
    opened: false,
  })
})

test('tool logs prints what servers said, also after their end; -f goes on until then', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  expect(await m.run(site, 'logs', '-f')).toEqual({
    code: 0,
    signal: null,
    stdout: '',
    stderr: `nothing was said yet by a server of the project in ${site}\nno server runs, so nothing more comes\n`,
  })
  const [, , url = ''] = served.exec((await m.run(site, 'serve', '-d')).stdout.trimEnd()) ?? []
  const following = m.start(site, 'logs', '-f', '-n', '1')
  expect(await following.line()).toBe(`sitec │ listens at ${url}`)
  await m.run(site, 'restart')
  expect(await following.line()).toMatch(/^sitec │ started as process \d+$/)
  expect(await following.line()).toMatch(/^sitec │ listens at http:/)
  await m.run(site, 'stop')
  expect(await following.ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\nsitec │ ended \(.*\)\n$/),
  })

  const {stdout} = await m.run(site, 'logs', 'sitec')
  expect(stdout.split('\n')).toHaveLength(6)
  expect(stdout).toContain((await following.ended).stdout)
  expect((await m.run(site, 'logs', '-n', '0')).stdout).toBe('')
  expect((await m.run(site, 'logs', '--time', '-n', '1')).stdout).toMatch(
    /^\d{4}-\d\d-\S+Z sitec │ ended .*\n$/,
  )
  const coloured = await tool(['logs', '-n', '1'], {cwd: site, env: {...m.env, FORCE_COLOR: '1'}})
  expect(coloured.stdout).toMatch(/^\u001B\[\d+msitec │\u001B\[39m ended /)
  expect(JSON.parse((await m.run(site, 'logs', '--json', '-n', '1')).stdout)).toMatchObject([
    {at: expect.any(Number), label: 'sitec', stream: 'tool', text: expect.stringMatching(/^ended/)},
  ])
  expect((await m.run(site, 'logs', 'typescript')).stderr).toContain('nothing was said yet by typescript')
})

test('tool attach follows what runs, and leaves it alone when it is ended', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  expect(await m.run(site, 'attach')).toMatchObject({code: 8, stderr: expect.stringContaining('NOT_SERVED')})
  const line = (await m.run(site, 'serve', '-d')).stdout.trimEnd()
  const [attached, left] = [m.start(site, 'attach'), m.start(site, 'attach', '--json')]
  expect(await attached.line()).toBe(line)
  expect(JSON.parse(await left.line())).toMatchObject({toolchain: 'sitec', url: served.exec(line)?.[2]})
  left.kill('SIGINT')
  expect(await left.ended).toMatchObject({code: 130, stderr: ''})

  const again = (await m.run(site, 'restart')).stdout.trimEnd()
  expect(await attached.line()).toBe(again)
  expect((await fetch(served.exec(again)?.[2] ?? '')).status).toBe(200)
  await m.run(site, 'stop')
  expect(await attached.ended).toMatchObject({code: 0, stderr: 'all that ran has ended\n'})
})

test.runIf(process.getuid?.() === 0)(
  'in another user’s home there is nothing of one’s own, and no bug',
  async () => {
    await using m = siteMachine()
    const site = m.site('pages')
    const server = m.start(site, 'serve')
    await server.line()
    chmodSync(m.box.root, 0o755)
    const other = (...words: string[]) =>
      tool(words, {cwd: site, env: {HOME: '/nonexistent', TOOL_HOME: m.box.context.layout.home}, uid: 65_534})
    expect(await other('ps')).toMatchObject({code: 0, stdout: ''})
    expect(await other('stop')).toMatchObject({code: 0, stdout: ''})
    const refused = await other('serve')
    expect(refused.code).toBe(7)
    expect(refused.stderr).toMatch(/^error PERMISSION_DENIED: /)
    expect(await m.run(site, 'stop')).toMatchObject({code: 0})
  },
)
