import {mkdirSync, readFileSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import {describe, expect, test} from 'vitest'
import {fixtureProgram} from '../support/compilers.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {rebuilt, speaking, target, watcher} from '../support/targets.ts'
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
    await using w = watching(box, [compiler('x', ['a.x', 'b.x'])])
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
    await using w = watching(box, [compiler('x', ['--delay=300', 'a.x'])])
    await w.run(1)
    const saved = Date.now()
    box.write('a.x', 'wrong\n')
    const {latencyMs, durationMs} = await w.run(2)
    const passed = Date.now() - saved
    expect(latencyMs).toBeGreaterThanOrEqual(durationMs - 20)
    expect(latencyMs).toBeLessThanOrEqual(passed + 20)
  })

  test('stopping it leaves nothing', async () => {
    await using box = sandbox()
    box.write('a.x', 'fine\n')
    await using w = watching(box, [compiler('x', ['a.x'])])
    const running = await w.started
    await running.stop()
    expect(await running.ended).toEqual({kind: 'stopped'})
    const last = w.events.all.findLast(event => event.type === 'worker/state')
    expect(last).toMatchObject({state: {kind: 'stopped'}})
  })
})

const runsOf = (box: Sandbox) => readFileSync(join(box.root, 'journal'), 'utf8').split('\n').length - 1

/** A compiler that is run anew, and writes a line for each of its runs outside of the project. */
const counted = (box: Sandbox, ...args: string[]) =>
  rebuilt('x', ['--journal', join(box.root, 'journal'), ...args])

/** Resolves when a change made after all others has been answered by a run that saw it. */
async function settled(box: Sandbox, w: ReturnType<typeof watching>, file = 'a.x'): Promise<void> {
  const text = `wrong end ${w.runs.all.length}`
  box.write(file, `${text}\n`)
  await w.runs.when(({added}) => messages(added).includes(text))
}

test('a thousand changes at once are one run', async () => {
  await using box = sandbox()
  box.write('a.x', 'fine\n')
  await using w = watching(box, [counted(box, 'a.x')])
  await w.run(1)
  for (let index = 0; index < 1000; index += 1) box.write(`many/${index % 10}/${index}.x`, 'new\n')
  await w.run(2)
  const {count} = (await w.events.when(({type}) => type === 'files/changed')) as {count?: number}
  expect(count).toBe(1000)
  await settled(box, w)
  expect(runsOf(box)).toBe(3)
})

test('what changes during a run leads to one more, however much it is', async () => {
  await using box = sandbox()
  box.write('a.x', 'wrong first\n')
  box.write('slow', '')
  await using w = watching(box, [counted(box, '--slow', 'slow', 'a.x')])
  // It has read its input.
  await w.events.when(({type}) => type === 'diagnostics/publish')
  for (let index = 0; index < 3; index += 1) {
    box.write('a.x', `wrong ${index}\n`)
    // Longer than it takes to gather changes.
    await delay(100)
  }
  expect(w.runs.all).toHaveLength(0)
  rmSync(join(box.project, 'slow'))
  expect(messages((await w.run(2)).added)).toEqual(['wrong 2'])
  await settled(box, w)
  expect(runsOf(box)).toBe(3)
})

test('a build that writes among its inputs comes to rest', async () => {
  await using box = sandbox()
  box.write('a.x', 'fine\n')
  await using w = watching(box, [counted(box, '--out', 'dist.js', 'a.x')])
  await w.run(2)
  await settled(box, w)
  // One for the output of the first run, which was new, and one for that of the last.
  const runs = runsOf(box)
  expect(runs).toBeLessThanOrEqual(4)
  box.write('a.x', 'fine\n')
  await w.runs.when(({status}) => status === 'ok' && w.runs.all.length > runs)
  await settled(box, w)
  expect(runsOf(box)).toBeLessThanOrEqual(runs + 4)
})

test('a build whose output is another one each time is stopped from causing itself, and that is said', async () => {
  await using box = sandbox()
  box.write('src/a.x', 'fine\n')
  mkdirSync(join(box.project, 'dist'))
  await using w = watching(box, [counted(box, '--stamp', '--out', 'dist/a.js', 'src/a.x')])
  const {level, text} = await w.lines.when(({stream}) => stream === 'log')
  expect(level).toBe('warning')
  expect(text).toMatch(
    /^what is written to dist\/a\.js while compilers run starts no run any more; a line in \.gitignore /,
  )
  const runs = runsOf(box)
  await settled(box, w, 'src/a.x')
  await settled(box, w, 'src/a.x')
  expect(runsOf(box)).toBe(runs + 2)
  // Somebody else's change there still counts.
  await w.events.when(() => {
    const last = w.events.all.findLast(({type}) => type === 'worker/state')
    return last?.type === 'worker/state' && last.state.kind === 'idle'
  })
  await delay(20)
  box.write('dist/other', 'by hand\n')
  await w.run(runs + 3)
})

test('what .gitignore names starts no run', async () => {
  await using box = sandbox()
  box.write('.gitignore', 'dist/\n')
  box.write('a.x', 'fine\n')
  box.write('dist/old.js', '')
  await using w = watching(box, [counted(box, '--out', 'dist/a.js', 'a.x')])
  await w.run(1)
  box.write('dist/new.js', 'new\n')
  await settled(box, w)
  expect(runsOf(box)).toBe(2)
})

test('a file that is replaced by another one, as editors do it, is one change', async () => {
  await using box = sandbox()
  box.write('a.x', 'fine\n')
  await using w = watching(box, [counted(box, 'a.x')])
  await w.run(1)
  const other = box.write('a.x.tmp', 'wrong\n')
  renameSync(other, join(box.project, 'a.x'))
  expect(messages((await w.run(2)).added)).toEqual(['wrong'])
  expect(w.events.all.filter(({type}) => type === 'files/changed')).toMatchObject([{count: 1}])
})

test('a watching compiler that crashes is started again, and what it said before is gone', async () => {
  await using box = sandbox()
  box.write('a.x', 'wrong\n')
  await using w = watching(box, [watcher('x', ['a.x'])])
  await w.run(1)
  box.write('a.x', 'crash\n')
  await w.events.when(event => event.type === 'worker/state' && event.state.kind === 'backoff')
  box.write('a.x', 'fine\n')
  const next = await w.runs.when(({status}) => status === 'ok')
  expect(next).toMatchObject({summary: {errors: 0}, resolved: 1})
})

test('a build that fails without a word runs again after the next change', async () => {
  await using box = sandbox()
  box.write('a.x', 'crash\n')
  await using w = watching(box, [rebuilt('x', ['a.x'])])
  expect(await w.run(1)).toMatchObject({status: 'error', summary: {errors: 0}})
  const idle = await w.events.when(event => event.type === 'worker/state' && event.state.kind === 'idle')
  expect(idle).toMatchObject({state: {exit: {code: 3}}})
  box.write('a.x', 'fine\n')
  expect(await w.run(2)).toMatchObject({status: 'ok'})
})

test('a compiler that ends at once fails the whole, with its last words', async () => {
  await using box = sandbox()
  box.write('a.x', 'crash\n')
  await using w = watching(box, [watcher('x', ['a.x'])])
  await expect(w.started).rejects.toMatchObject({
    code: 'WORKER_EXITED',
    exitCode: 8,
    message: expect.stringContaining('x ended (exit code 3)'),
  })
})

test('a compiler of the protocol lives on: it hears what changed, and is asked to compile', async () => {
  await using box = sandbox()
  box.write('input.txt', 'one\n')
  await using w = watching(box, [speaking('site', ['changes'])])
  expect(await w.run(1)).toMatchObject({toolchain: 'site', status: 'ok', latencyMs: null})
  const file = box.write('input.txt', 'two\n')
  const second = await w.run(2)
  expect(messages(second.added)).toEqual([`watch ${pathToFileURL(file).href} 2`])
  expect(second.latencyMs).toBeGreaterThan(0)
  const pids = w.events.all.flatMap(event =>
    event.type === 'worker/state' && event.state.kind === 'ready' ? [event.state.pid] : [],
  )
  expect(pids).toHaveLength(1)
})

test('a compiler of the protocol that dies at work compiles all again', async () => {
  await using box = sandbox()
  await using w = watching(box, [speaking('site', ['dies=die', 'error=wrong'])])
  await w.run(1)
  box.write('die', '')
  await w.events.when(event => event.type === 'worker/state' && event.state.kind === 'backoff')
  const before = w.runs.all.length
  expect(await w.run(before + 1)).toMatchObject({toolchain: 'site', summary: {errors: 1}})
  const readies = w.events.all.filter(event => event.type === 'worker/state' && event.state.kind === 'ready')
  expect(readies).toHaveLength(2)
})

test('what a compiler that watches writes itself is no save', async () => {
  await using box = sandbox()
  box.write('a.x', 'one\n')
  await using w = watching(box, [watcher('x', ['--delay=200', '--out=out.x', '--stamp', 'a.x'])])
  await w.run(1)
  for (const number of [2, 3, 4]) {
    // What is saved at the very end of a run may be the compiler's own.
    await delay(30)
    box.write('a.x', `${number}\n`)
    const {latencyMs} = await w.run(number)
    expect(latencyMs).toBeGreaterThan(180)
    expect(latencyMs).toBeLessThan(2000)
  }
})

test('a compiler that watches, and ends since its settings are gone, says so once, and goes on when they are there', async () => {
  await using box = sandbox()
  box.write('settings.x', 'fine\n')
  box.write('a.x', 'wrong\n')
  const words = ['x', '--watch', '--needs=settings.x', 'settings.x', 'a.x']
  const {definition, program, ...rest} = watcher('x', [], {})
  const {watch} = definition
  if (watch?.driver !== 'stream') throw new Error('it does not watch')
  const own = {...definition, watch: {...watch, command: words, inputs: ['settings.x']}}
  await using w = watching(box, [{...rest, program, definition: own, settings: undefined}])
  await w.run(1)
  rmSync(join(box.project, 'settings.x'))
  const isIdle = () =>
    w.events.all.some(event => event.type === 'worker/state' && event.state.kind === 'idle')
  await w.events.when(isIdle)
  const {text} = await w.lines.when(({level}) => level === 'error')
  expect(text).toMatch(
    /^x finds nothing to watch: there is no settings\.x in .*; it goes on when that is there$/,
  )
  box.write('b.x', 'no reason to start\n')
  box.write('settings.x', 'wrong too\n')
  await w.runs.when(({summary}) => summary.errors === 2)
  expect(w.lines.all.filter(({level}) => level === 'error')).toHaveLength(1)
  expect(
    w.events.all.filter(event => event.type === 'worker/state' && event.state.kind === 'backoff'),
  ).toEqual([])
})

test('one that finds its settings gone before its first run rests as well, and goes on also where git ignores them', async () => {
  await using box = sandbox()
  box.write('.gitignore', 'settings.x\n')
  box.write('settings.x', 'fine\n')
  const {definition, ...rest} = watcher('x', [], {})
  const {watch} = definition
  if (watch?.driver !== 'stream') throw new Error('it does not watch')
  // It takes away itself what it needs, the first time.
  const words = ['x', '--watch', '--takes=settings.x', '--needs=settings.x', 'settings.x', 'a.x']
  const own = {...definition, watch: {...watch, command: words, inputs: ['settings.x']}}
  await using w = watching(box, [{...rest, definition: own, settings: undefined}])
  await w.started
  await w.lines.when(({text}) => text.endsWith('it goes on when that is there'))
  box.write('settings.x', 'wrong\n')
  await w.runs.when(({summary}) => summary.errors === 1)
})

describe('a compiler of the protocol', () => {
  const talker = (manner: string) =>
    target(
      {name: 'site', build: {driver: 'protocol', command: ['site', manner]}},
      fixtureProgram('child-talker.js'),
    )

  test('that can’t compile is no watcher, and its author is told so', async () => {
    await using box = sandbox()
    await using w = watching(box, [talker('no-compile')])
    await expect(w.started).rejects.toMatchObject({code: 'WORKER_CANNOT_COMPILE', exitCode: 2})
  })

  test('that tells of no task is at work all the same', async () => {
    await using box = sandbox()
    await using w = watching(box, [talker('taskless')])
    await w.started
  })

  test('that refuses is told of, and is asked again after the next change', async () => {
    await using box = sandbox()
    await using w = watching(box, [talker('refuse')])
    await w.started
    const refusals = () =>
      w.lines.all.filter(({level, text}) => level === 'error' && text.includes('not today'))
    expect(refusals()).toHaveLength(1)
    box.write('a.x', 'changed\n')
    await w.lines.when(() => refusals().length === 2)
  })
})

test('a run of one is reason for a run of those that come after it', async () => {
  await using box = sandbox()
  box.write('.gitignore', 'between.x\n')
  box.write('a.x', 'wrong\n')
  const first = rebuilt('first', ['--out', 'between.x', 'a.x'])
  const second = rebuilt('second', ['between.x'], {after: ['first']})
  await using w = watching(box, [first, second])
  await w.runs.when(({toolchain}) => toolchain === 'second')
  box.write('a.x', 'fine wrong\n')
  await w.runs.when(({toolchain, status}) => toolchain === 'first' && status === 'ok')
  await w.runs.when(({toolchain, status}) => toolchain === 'second' && status === 'ok')
})

test('nothing to watch, and a circle of those that wait for each other, are told before anything starts', async () => {
  await using box = sandbox()
  await expect(watching(box, []).started).rejects.toMatchObject({code: 'NOTHING_TO_WATCH', exitCode: 3})
  const circle = [rebuilt('a', ['a.x'], {after: ['b']}), rebuilt('b', ['a.x'], {after: ['a']})]
  await expect(watching(box, circle).started).rejects.toMatchObject({code: 'PROJECT_CONFIG_CYCLE'})
})

test('giving up stops all of it', async () => {
  await using box = sandbox()
  box.write('a.x', 'fine\n')
  await using w = watching(box, [watcher('own', ['a.x']), rebuilt('anew', ['a.x'])])
  const running = await w.started
  w.giveUp()
  expect(await running.ended).toEqual({kind: 'stopped'})
  const pids = w.events.all.flatMap(event =>
    event.type === 'worker/state' && 'pid' in event.state && event.state.pid ? [event.state.pid] : [],
  )
  expect(pids.length).toBeGreaterThan(0)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('it counts as begun when each has run once, whatever came of it', async () => {
  await using box = sandbox()
  box.write('a.x', 'wrong\n')
  const targets = [watcher('own', ['a.x']), rebuilt('anew', ['a.x']), speaking('site', [])]
  await using w = watching(box, targets)
  await w.started
  expect(w.runs.all.map(({toolchain}) => toolchain).sort()).toEqual(['anew', 'own', 'site'])
})
