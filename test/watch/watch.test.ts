import {describe, expect, test} from 'vitest'
import {sandbox} from '../support/sandbox.ts'
import {rebuilt, watcher} from '../support/targets.ts'
import {watching} from '../support/watching.ts'

const messages = (diagnostics: readonly {message: unknown}[]) => diagnostics.map(({message}) => message)

describe.each([
  ['a compiler that watches by itself', watcher],
  ['a compiler that is run anew', rebuilt],
])('%s', (_, compiler) => {
  test('each run replaces what the one before said', async () => {
    await using box = sandbox()
    box.write('a.x', 'wrong one\nwrong two\n')
    box.write('b.x', 'wrong three\n')
    await using w = await watching(box, [compiler('x', ['a.x', 'b.x'])])
    expect(await w.run(1)).toMatchObject({
      toolchain: 'x',
      version: '1.2.3',
      status: 'error',
      latencyMs: null,
      summary: {errors: 3, files: 2},
    })
    box.write('a.x', 'wrong two\n')
    const second = await w.run(2)
    expect(second).toMatchObject({status: 'error', summary: {errors: 2, files: 2}})
    expect(messages(second.added)).toEqual(['wrong two'])
    expect(second.resolved).toBe(2)
    box.write('a.x', '')
    expect(await w.run(3)).toMatchObject({summary: {errors: 1, files: 1}, added: [], resolved: 1})
    box.write('b.x', 'fine\n')
    expect(await w.run(4)).toMatchObject({
      status: 'ok',
      summary: {errors: 0, files: 0},
      added: [],
      resolved: 1,
    })
    expect(w.runs.all).toHaveLength(4)
  })

  test('the time from the save to the end of the run is told', async () => {
    await using box = sandbox()
    box.write('a.x', 'fine\n')
    await using w = await watching(box, [compiler('x', ['a.x'])])
    await w.run(1)
    const saved = Date.now()
    box.write('a.x', 'wrong\n')
    const {latencyMs, durationMs} = await w.run(2)
    const passed = Date.now() - saved
    expect(latencyMs).toBeGreaterThanOrEqual(durationMs)
    expect(latencyMs).toBeLessThanOrEqual(passed + 20)
  })

  test('stopping it leaves nothing', async () => {
    await using box = sandbox()
    box.write('a.x', 'fine\n')
    const w = await watching(box, [compiler('x', ['a.x'])])
    await w.running.stop()
    expect(await w.running.ended).toEqual({kind: 'stopped'})
    const last = w.events.all.findLast(event => event.type === 'worker/state')
    expect(last).toMatchObject({state: {kind: 'stopped'}})
  })
})
