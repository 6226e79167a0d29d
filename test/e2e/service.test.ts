import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {siteMachine} from '../support/site-machine.ts'

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
    expect.stringMatching(/^PROJECT +TOOLCHAIN +STATE +PID +UPTIME +RESTARTS +MEMORY +CPU TIME +URL$/),
    expect.stringMatching(/^~\/pages +sitec \S+ +ready +\d+ +\d+s +0 +[\d.]+ MB +[\d.]+s +http:\S+$/),
    expect.stringMatching(/^~\/pages-next +sitec 2\.0\.0 +ready /),
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
