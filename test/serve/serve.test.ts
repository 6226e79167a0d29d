import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {ServeSettings} from '../../src/model/project-config.ts'
import {servers} from '../../src/session/servers.ts'
import {fixtureProgram} from '../support/compilers.ts'
import {sandbox} from '../support/sandbox.ts'
import {occupyPort, serving, textAt} from '../support/serving.ts'
import {printing, speakingServer, target} from '../support/targets.ts'

describe('a server of the protocol', () => {
  test('is asked for host and port, and believed what it bound', async () => {
    await using box = sandbox()
    const {port, ...taken} = await occupyPort()
    await taken[Symbol.asyncDispose]()
    const site = speakingServer('site', {args: ['from', 'tool.json'], port: 1, host: '0.0.0.0'})
    const {started} = serving(box.context, box.project, site, {port, host: '127.0.0.1', args: ['and', 'me']})
    await using running = await started
    expect(running.servers()).toMatchObject([{toolchain: 'site', version: '1.2.3', host: '127.0.0.1', port}])
    expect(await textAt(running.servers()[0]?.url ?? '')).toBe('from tool.json and me')
  })

  test('that is bound to all addresses says so, at a URL that can be visited', async () => {
    await using box = sandbox()
    const site = speakingServer('site', {args: ['everywhere']})
    await using running = await serving(box.context, box.project, site, {host: '0.0.0.0'}).started
    const [server] = running.servers()
    expect(server).toMatchObject({host: '0.0.0.0', url: `http://127.0.0.1:${server?.port}/`})
    expect(await textAt(server?.url ?? '')).toBe('everywhere')
  })

  test('on a port that is taken: the same clear error', async () => {
    await using box = sandbox()
    await using taken = await occupyPort()
    const {started} = serving(box.context, box.project, speakingServer('site'), {port: taken.port})
    await expect(started).rejects.toMatchObject({code: 'PORT_IN_USE'})
  })

  test('that never listens is given up after the time it has', async () => {
    await using box = sandbox()
    const mute = speakingServer('mute', {args: ['mute'], readyTimeout: 0.5})
    await expect(serving(box.context, box.project, mute).started).rejects.toMatchObject({
      code: 'WORKER_NOT_READY',
      message: 'mute was not ready within 0.5 s (mute 1.2.3 is set by the default)',
      hint: expect.stringContaining('raise "readyTimeout" of tool.json'),
      exitCode: 8,
    })
    expect(await servers(box.context, box.project)).toEqual([])
  })
})

describe('a server that prints where it listens', () => {
  test('is started again when it crashes, and announced again', async () => {
    await using box = sandbox()
    const {started, found} = serving(box.context, box.project, printing('dev'))
    await using running = await started
    const [first] = running.servers()
    const before = await textAt(first?.url ?? '', 'crash')
    const second = await found.when(server => server !== found.all[0])
    expect(await textAt(second.url)).not.toBe(before)
    expect(running.servers()).toEqual([second])
  })

  test('that crashes: the listener learns how it ended and what it said last, before it is started again', async () => {
    await using box = sandbox()
    const {started, events, lines} = serving(box.context, box.project, printing('dev'))
    await using running = await started
    const atCrash: unknown[] = []
    const crashed = events.when(event => {
      if (event.type !== 'worker/state' || event.state.kind !== 'backoff') return false
      atCrash.push(event.state.exit, lines.all.at(-1)?.text)
      return true
    })
    await textAt(running.servers()[0]?.url ?? '', 'crash')
    expect(await crashed).toMatchObject({label: 'dev', state: {kind: 'backoff', attempt: 1}})
    expect(atCrash.slice(0, 2)).toEqual([expect.objectContaining({code: 3, signal: null}), 'crashing'])
  })

  test('is followed when it moves', async () => {
    await using box = sandbox()
    const {started, found} = serving(box.context, box.project, printing('dev'))
    await using running = await started
    const [first] = running.servers()
    await textAt(first?.url ?? '', 'move')
    const second = await found.when(({url}) => url !== first?.url)
    expect(running.servers()).toEqual([second])
    // As tool port asks for it.
    expect(await servers(box.context, box.project)).toEqual([second])
  })

  test('that ends by itself ends the serving', async () => {
    await using box = sandbox()
    const running = await serving(box.context, box.project, printing('dev')).started
    await textAt(running.servers()[0]?.url ?? '', 'exit')
    expect(await running.ended).toEqual({kind: 'exited', errors: []})
    expect(await servers(box.context, box.project)).toEqual([])
  })

  test('on another port than the one asked for is announced where it is, with a warning', async () => {
    await using box = sandbox()
    const stubborn = printing('dev', {args: ['--port=0']})
    const {started, lines} = serving(box.context, box.project, stubborn, {port: 1})
    await using running = await started
    const [server] = running.servers()
    const text = `was asked for port 1 and listens on ${server?.port}`
    expect(lines.all).toContainEqual(expect.objectContaining({label: 'dev', level: 'warning', text}))
    expect(await textAt(server?.url ?? '')).toMatch('hello')
  })
})

test.runIf(process.platform !== 'win32')(
  'one whose definition has no words for it is found by the sockets of its processes, and followed',
  async () => {
    await using box = sandbox()
    const {definition, ...rest} = printing('dev')
    const serve = {driver: 'stream' as const, command: definition.serve?.command ?? []}
    const {started, found} = serving(box.context, box.project, {...rest, definition: {name: 'dev', serve}})
    await using running = await started
    const [server] = running.servers()
    expect(server).toMatchObject({toolchain: 'dev', url: `http://127.0.0.1:${server?.port}/`})
    expect(await textAt(server?.url ?? '')).toMatch('hello')
    await textAt(server?.url ?? '', 'move')
    const moved = await found.when(({url}) => url !== server?.url)
    expect(running.servers()).toEqual([moved])
    expect(await textAt(moved.url)).toMatch('hello')
    await textAt(moved.url, 'rest')
    const late = await found.when(({url}) => url !== server?.url && url !== moved.url)
    expect(running.servers()).toEqual([late])
  },
)

test('giving up before it listens stops it', async () => {
  await using box = sandbox()
  const giveUp = new AbortController()
  const {started, events} = serving(
    box.at({signal: giveUp.signal}),
    box.project,
    speakingServer('mute', {args: ['mute']}),
  )
  void events
    .when(event => event.type === 'worker/state' && event.state.kind === 'connected')
    .then(() => giveUp.abort())
  await expect(started).rejects.toMatchObject({name: 'AbortError'})
  const last = events.all.findLast(event => event.type === 'worker/state')
  expect(last).toMatchObject({state: {kind: 'stopped'}})
})

test('giving up later stops it', async () => {
  await using box = sandbox()
  const giveUp = new AbortController()
  const running = await serving(box.at({signal: giveUp.signal}), box.project, printing('dev')).started
  const url = running.servers()[0]?.url ?? ''
  expect(await textAt(url)).toMatch('hello')
  giveUp.abort()
  expect(await running.ended).toEqual({kind: 'stopped'})
  await expect(textAt(url)).rejects.toThrow('fetch failed')
})

test('a program that can’t be started: what set it, and how to have it anew', async () => {
  await using box = sandbox()
  const origin = {kind: 'file' as const, path: join(box.context.cwd, '.toolversion'), line: 3}
  const missing = {file: '/nonexistent/dev', args: [], binDirectories: []}
  const broken = {...printing('dev'), origin, program: () => missing}
  await expect(serving(box.context, box.project, broken).started).rejects.toMatchObject({
    code: 'WORKER_CANNOT_START',
    message: expect.stringMatching(/no such file.* \(dev 1\.2\.3 is set by \.toolversion:3\)$/),
    hint: expect.stringContaining('tool install --force dev@1.2.3'),
  })
})

test('nothing to serve is an error', async () => {
  await using box = sandbox()
  const node = target<ServeSettings>({name: 'node'}, fixtureProgram('driver-script.ts'))
  await expect(serving(box.context, box.project, node).started).rejects.toMatchObject({
    code: 'NOTHING_TO_SERVE',
    hint: 'pin a compiler that has a server: write "esbuild latest" into .toolversion',
    exitCode: 3,
  })
})
