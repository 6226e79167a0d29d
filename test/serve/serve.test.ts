import {cpSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import type {Target} from '../../src/driver/target.ts'
import type {Event} from '../../src/model/event.ts'
import type {ServeSettings} from '../../src/model/project-config.ts'
import {serve} from '../../src/serve/serve.ts'
import {servers} from '../../src/serve/servers.ts'
import type {RunningServer, ServeRequest} from '../../src/serve/types.ts'
import {readProjectConfig} from '../../src/toolchain/project-config.ts'
import {fixtureProgram} from '../support/compilers.ts'
import {Occurrences} from '../support/occurrences.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {esbuild, printing, speakingServer, target} from '../support/targets.ts'

const bundle: ServeSettings = {args: ['main.ts', '--bundle', '--outdir=dist', '--servedir=.']}

/** A project that esbuild can serve. */
function bundled(box: Sandbox): void {
  box.write('main.ts', 'document.title = "one"\n')
  box.write('index.html', '<script src="dist/main.js"></script>\n')
}

type Wish = Partial<ServeRequest>

function serving(context: Context, root: string, target: Target<ServeSettings>, wish: Wish = {}) {
  const events = new Occurrences<Event>()
  const found = new Occurrences<RunningServer>()
  const request = {root, targets: [target], release: '0.0.0', ...wish}
  const listener = {
    onEvent: (event: Event) => events.add(event),
    onServer: (one: RunningServer) => found.add(one),
  }
  return {events, found, started: serve(context, request, listener)}
}

async function textAt(url: string, path = ''): Promise<string> {
  const response = await fetch(new URL(path, url))
  return response.text()
}

/** A port that nobody has, and the way to occupy it. */
async function occupyPort(host = '127.0.0.1'): Promise<AsyncDisposable & {port: number}> {
  const server = createServer()
  const {promise, resolve} = Promise.withResolvers<void>()
  server.listen(0, host, resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}

describe('esbuild', () => {
  test('serves the hello site, on the port that it says itself', async () => {
    await using box = sandbox()
    cpSync(join(packageRoot, 'fixtures/sites/hello'), box.project, {recursive: true})
    const config = await readProjectConfig(box.project)
    const {started, found} = serving(box.context, box.project, esbuild(config.serve?.esbuild))
    const running = await started
    const [server] = running.servers()
    expect(running.attached).toBe(false)
    expect(running.servers()).toEqual(found.all)
    expect(server).toEqual({
      toolchain: 'esbuild',
      version: '0.28.2',
      url: `http://127.0.0.1:${server?.port}/`,
      host: '127.0.0.1',
      port: expect.any(Number),
    })
    const url = server?.url ?? ''
    expect(await textAt(url)).toContain('<title>Hello, toolversion</title>')
    expect(await textAt(url, 'dist/main.js')).toContain('EventSource("/esbuild")')
    expect(await servers(box.context, box.project)).toEqual(running.servers())
    await running.stop()
    expect(await running.ended).toEqual({kind: 'stopped'})
    await expect(textAt(url)).rejects.toThrow('fetch failed')
    expect(await servers(box.context, box.project)).toEqual([])
  })

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '::1'],
    ['localhost', '127.0.0.1'],
  ])('--host %s answers at %s', async (host, bound) => {
    await using box = sandbox()
    bundled(box)
    const {started} = serving(box.context, box.project, esbuild(bundle), {host})
    await using running = await started
    const [server] = running.servers()
    expect(server?.host).toBe(bound)
    expect(await textAt(server?.url ?? '')).toContain('dist/main.js')
  })

  test('--port is honoured', async () => {
    await using box = sandbox()
    bundled(box)
    const {port, ...taken} = await occupyPort()
    await taken[Symbol.asyncDispose]()
    const {started} = serving(box.context, box.project, esbuild(bundle), {port})
    await using running = await started
    expect(running.servers()).toMatchObject([{port}])
  })

  test('--port that is taken: a clear error with its own words, and nothing stays', async () => {
    await using box = sandbox()
    bundled(box)
    await using taken = await occupyPort()
    const {started} = serving(box.context, box.project, esbuild(bundle), {port: taken.port})
    await expect(started).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      exitCode: 8,
      message: expect.stringMatching(
        `^esbuild can't listen on 127.0.0.1 port ${taken.port}: another program has that port \\(listen tcp`,
      ),
      hint: expect.stringContaining('--port 0'),
    })
    expect(await servers(box.context, box.project)).toEqual([])
  })

  test('an address of another machine is a clear error', async () => {
    await using box = sandbox()
    bundled(box)
    const {started} = serving(box.context, box.project, esbuild(bundle), {host: '192.0.2.77'})
    await expect(started).rejects.toMatchObject({code: 'HOST_NOT_AVAILABLE', exitCode: 8})
  })

  test('wrong arguments end it at once, with its own words', async () => {
    await using box = sandbox()
    bundled(box)
    const {started} = serving(box.context, box.project, esbuild(bundle), {args: ['--nonsense']})
    await expect(started).rejects.toMatchObject({
      code: 'WORKER_EXITED',
      exitCode: 8,
      hint: 'it said: Invalid build flag: "--nonsense"',
    })
  })

  test('reports errors of a file while they are there', async () => {
    await using box = sandbox()
    bundled(box)
    const {started, events} = serving(box.context, box.project, esbuild(bundle))
    await using _running = await started
    const published = (holds: (messages: unknown[]) => boolean) =>
      events.when(
        event => event.type === 'diagnostics/publish' && holds(event.diagnostics.map(({message}) => message)),
      )
    writeFileSync(join(box.project, 'main.ts'), 'let = ;\n')
    await published(messages => messages.length > 0)
    writeFileSync(join(box.project, 'main.ts'), 'document.title = "two"\n')
    await published(messages => messages.length === 0)
  })
})

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

  test('is followed when it moves', async () => {
    await using box = sandbox()
    const {started, found} = serving(box.context, box.project, printing('dev'))
    await using running = await started
    const [first] = running.servers()
    await textAt(first?.url ?? '', 'move')
    const second = await found.when(({url}) => url !== first?.url)
    expect(running.servers()).toEqual([second])
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
    const {started} = serving(box.context, box.project, stubborn, {port: 1})
    await using running = await started
    const [server] = running.servers()
    expect(box.logged).toEqual([`warning: dev was asked for port 1 and listens on ${server?.port}`])
    expect(await textAt(server?.url ?? '')).toMatch('hello')
  })
})

describe('a second serve of a project', () => {
  test('shows the same servers, and follows until the first ends', async () => {
    await using box = sandbox()
    const first = await serving(box.context, box.project, printing('dev')).started
    const another = serving(box.at({}), box.project, printing('dev'), {port: 1})
    const second = await another.started
    expect(second.attached).toBe(true)
    expect(second.servers()).toEqual(first.servers())
    expect(another.found.all).toEqual(first.servers())
    expect(box.logged).toEqual(['warning: the project is served already; its servers stay where they are'])

    await textAt(first.servers()[0]?.url ?? '', 'crash')
    const again = await another.found.when(server => server !== another.found.all[0])
    expect(again.toolchain).toBe('dev')

    await first.stop()
    expect(await second.ended).toEqual({kind: 'followed'})
  })

  test('can leave, and the first stays', async () => {
    await using box = sandbox()
    const giveUp = new AbortController()
    await using first = await serving(box.context, box.project, printing('dev')).started
    const second = await serving(box.at({signal: giveUp.signal}), box.project, printing('dev')).started
    const third = await serving(box.at({}), box.project, printing('dev')).started
    giveUp.abort()
    expect(await second.ended).toEqual({kind: 'stopped'})
    await third.stop()
    expect(await third.ended).toEqual({kind: 'stopped'})
    expect(await textAt(first.servers()[0]?.url ?? '')).toMatch('hello')
  })

  test('at the same time: of several one has the server, and all show it', async () => {
    await using box = sandbox()
    const all = await Promise.all(
      Array.from({length: 4}, () => serving(box.at({}), box.project, printing('dev')).started),
    )
    expect(all.filter(({attached}) => !attached)).toHaveLength(1)
    const urls = new Set(all.flatMap(running => running.servers().map(({url}) => url)))
    expect(urls.size).toBe(1)
    await all.find(({attached}) => !attached)?.stop()
    const ends = await Promise.all(all.map(({ended}) => ended))
    expect(ends.map(({kind}) => kind).toSorted()).toEqual(['followed', 'followed', 'followed', 'stopped'])
  })
})

describe('several servers', () => {
  test('of one project all listen', async () => {
    await using box = sandbox()
    const targets = [printing('dev'), speakingServer('site', {args: ['hi']})]
    const running = await serve(box.context, {root: box.project, targets, release: '0.0.0'})
    expect(
      running
        .servers()
        .map(({toolchain}) => toolchain)
        .toSorted(),
    ).toEqual(['dev', 'site'])
    await running.stop()
  })

  test('if one can’t listen, none stays', async () => {
    await using box = sandbox()
    await using taken = await occupyPort()
    const targets = [printing('dev'), speakingServer('site', {port: taken.port})]
    await expect(serve(box.context, {root: box.project, targets, release: '0.0.0'})).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
    expect(await servers(box.context, box.project)).toEqual([])
  })

  test('can’t share a port', async () => {
    await using box = sandbox()
    const targets = [printing('dev'), speakingServer('site')]
    await expect(
      serve(box.context, {root: box.project, targets, port: 3000, release: '0.0.0'}),
    ).rejects.toMatchObject({
      code: 'PORT_FOR_MANY',
      exitCode: 2,
      hint: expect.stringContaining('tool serve dev --port 3000'),
    })
  })

  test('of ten projects at once have ten ports', async () => {
    await using box = sandbox()
    const roots = Array.from({length: 10}, (_, index) => {
      const root = `site-${index}`
      box.write(`${root}/main.ts`, `document.title = "${index}"\n`)
      box.write(`${root}/index.html`, `page ${index}\n`)
      return join(box.project, root)
    })
    const all = await Promise.all(roots.map(root => serving(box.context, root, esbuild(bundle)).started))
    const urls = all.flatMap(running => running.servers().map(({url}) => url))
    expect(new Set(urls).size).toBe(10)
    expect(await Promise.all(urls.map(url => textAt(url)))).toEqual(
      roots.map((_, index) => `page ${index}\n`),
    )
    await Promise.all(all.map(running => running.stop()))
  })
})

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

test('nothing to serve is an error', async () => {
  await using box = sandbox()
  const node = target<ServeSettings>({name: 'node'}, fixtureProgram('driver-script.ts'))
  await expect(serving(box.context, box.project, node).started).rejects.toMatchObject({
    code: 'NOTHING_TO_SERVE',
    exitCode: 3,
  })
})
