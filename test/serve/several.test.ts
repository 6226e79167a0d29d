import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {serve} from '../../src/serve/serve.ts'
import {servers} from '../../src/session/servers.ts'
import {sandbox} from '../support/sandbox.ts'
import {bundle, occupyPort, serving, textAt} from '../support/serving.ts'
import {esbuild, printing, speakingServer} from '../support/targets.ts'

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
