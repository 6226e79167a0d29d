import {cpSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {servers} from '../../src/session/servers.ts'
import {readProjectConfig} from '../../src/toolchain/project-config.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {bundle, bundled, occupyPort, serving, textAt} from '../support/serving.ts'
import {esbuild} from '../support/targets.ts'

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
      message: expect.stringContaining('Invalid build flag: "--nonsense"'),
      hint: 'see all that it prints: tool serve --verbose',
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
