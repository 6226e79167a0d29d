import {describe, expect, test} from 'vitest'
import {serve} from '../../src/serve/serve.ts'
import {sandbox} from '../support/sandbox.ts'
import {serving, textAt} from '../support/serving.ts'
import {printing, speakingServer} from '../support/targets.ts'

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

describe('a serve of something else', () => {
  test('is told what the running one is without, and shows none of its servers', async () => {
    await using box = sandbox()
    await using _first = await serving(box.context, box.project, printing('dev')).started
    const other = serving(box.at({}), box.project, speakingServer('site'))
    await expect(other.started).rejects.toMatchObject({
      code: 'RUNS_WITHOUT',
      exitCode: 8,
      message: `something runs for the project already (in process ${process.pid}), without site`,
      hint: 'end that with tool stop, and start it again',
    })
    expect(other.found.all).toEqual([])
    const targets = [printing('dev'), speakingServer('site')]
    await expect(serve(box.at({}), {root: box.project, targets, release: '0.0.0'})).rejects.toMatchObject({
      code: 'RUNS_WITHOUT',
      message: expect.stringMatching(/without site$/),
    })
  })

  test('that the running one has among others follows them all', async () => {
    await using box = sandbox()
    const targets = [printing('dev'), speakingServer('site')]
    await using first = await serve(box.context, {root: box.project, targets, release: '0.0.0'})
    await using second = await serving(box.at({}), box.project, speakingServer('site')).started
    expect(second.attached).toBe(true)
    expect(second.servers()).toEqual(first.servers())
  })
})
