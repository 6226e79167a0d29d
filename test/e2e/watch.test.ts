import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {WatchRun} from '../../src/watch/runs.ts'
import {siteMachine} from '../support/site-machine.ts'
import type {Running} from '../support/tool.ts'

/** The next run that `tool watch --json` tells of. */
async function nextRun(watch: Running): Promise<WatchRun> {
  for (;;) {
    const event = JSON.parse(await watch.line())
    if (event.type === 'watch/run') return event
  }
}

const page = (site: string) => join(site, 'content', 'about.md')
const link = 'See [nothing](nowhere.md).\n'

test('a save is answered with what is new, and the time it took; Ctrl-C leaves nothing', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const watch = m.start(site, 'watch', '--json')
  expect(await nextRun(watch)).toMatchObject({toolchain: 'sitec', status: 'ok', latencyMs: null})
  expect(existsSync(join(site, 'dist', 'index.html'))).toBe(true)
  const before = readFileSync(page(site), 'utf8')
  appendFileSync(page(site), link)
  expect(await nextRun(watch)).toMatchObject({
    status: 'error',
    latencyMs: expect.any(Number),
    summary: {errors: 1, files: 1},
    added: [{toolchain: 'sitec', uri: expect.stringMatching(/about\.md$/)}],
    resolved: 0,
  })
  writeFileSync(page(site), before)
  expect(await nextRun(watch)).toMatchObject({status: 'ok', added: [], resolved: 1})
  watch.kill('SIGINT')
  expect(await watch.ended).toMatchObject({code: 130, stderr: expect.not.stringContaining('error')})
  expect((await m.run(site, 'ps', '--json')).stdout).toBe('[]\n')
})

test('for people: diagnostics on stdout, a line a run on stderr', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  appendFileSync(page(site), link)
  const watch = m.start(site, 'watch')
  expect(await watch.line()).toMatch(/^content\/about\.md:\d+:\d+ error \S+ sitec$/)
  appendFileSync(page(site), 'And [more](elsewhere.md).\n')
  while (!(await watch.line()).includes('elsewhere.md')) {
    // The rest of the first one.
  }
  watch.kill('SIGTERM')
  const {code, stderr, stdout} = await watch.ended
  expect(code).toBe(143)
  expect(stderr).toMatch(/^watching with sitec \d\S+; Ctrl-C ends it$/m)
  expect(stderr).toMatch(/^✖ sitec: 1 error in 1 file \(in \d\S* m?s\)$/m)
  expect(stderr).toMatch(/^✖ sitec: 2 errors in 1 file \(\d\S* m?s after the save\)$/m)
  // What stands is printed once.
  expect(stdout.match(/^content\/about\.md:.* error /gm)).toHaveLength(2)
})

test('--detach leaves it at work for others: a second one joins, tool ps and tool stop know it', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  appendFileSync(page(site), link)
  const detached = await m.run(site, 'watch', '--detach')
  expect(detached).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^content\/about\.md:\d+:\d+ error /),
    stderr: expect.stringMatching(/^sitec \S+ watched in the background; tool stop ends that$/m),
  })
  expect(JSON.parse((await m.run(site, 'ps', '--json')).stdout)).toMatchObject([
    {detached: true, workers: [{toolchain: 'sitec', mode: 'watch', state: 'ready'}]},
  ])

  expect((await m.run(site)).stdout).toMatch(/^ {2}sitec \S+ \(watch\) {2}ready$/m)
  expect(await m.run(site, 'restart')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sitec \S+ \(watch\) started again\n$/),
  })
  expect(await m.run(site, 'port')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('no server runs for'),
  })

  const second = m.start(site, 'watch', '--json')
  const joined = JSON.parse(await second.line())
  expect(joined).toMatchObject({type: 'watch/joined', diagnostics: [{diagnostics: [{severity: 1}]}]})
  appendFileSync(page(site), 'And [more](elsewhere.md).\n')
  const run = await nextRun(second)
  expect(run).toMatchObject({summary: {errors: 2}, latencyMs: expect.any(Number)})
  expect(run.added).toHaveLength(1)
  second.kill('SIGINT')
  expect(await second.ended).toMatchObject({code: 130})

  expect(await m.run(site, 'watch', '--detach')).toMatchObject({code: 0})
  expect(await m.run(site, 'stop')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^sitec \S+ \(watch\) {2}stopped /),
  })
  expect((await m.run(site, 'ps', '--json')).stdout).toBe('[]\n')
})

test('it shares the session of tool serve, and takes its compilers along when it ends', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const server = m.start(site, 'serve')
  await server.line()
  const watch = m.start(site, 'watch', '--json')
  await nextRun(watch)
  const modes = async () =>
    JSON.parse((await m.run(site, 'ps', '--json')).stdout).flatMap(({workers}: {workers: {mode: string}[]}) =>
      workers.map(({mode}) => mode),
    )
  expect((await modes()).sort()).toEqual(['serve', 'watch'])
  watch.kill('SIGINT')
  expect(await watch.ended).toMatchObject({code: 130})
  expect(await modes()).toEqual(['serve'])
  server.kill('SIGINT')
  await server.ended
})

test('what can’t be watched is told before anything starts', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  expect(await m.run(site, 'watch', 'typescript')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('TOOLCHAIN_NOT_PINNED'),
  })
  // What tool.json has for build counts for watch too, and is called by its own name.
  writeFileSync(join(site, 'tool.json'), '{"build": {"sitec": {"environment": {"SITE": "x"}}}}')
  expect(await m.run(site, 'watch')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/PROJECT_NOT_TRUSTED: .*build\.sitec\.environment/),
  })
  writeFileSync(join(site, '.toolversion'), 'node system\n')
  expect(await m.run(site, 'watch')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('error NOTHING_TO_WATCH: '),
  })
})

test('who attaches, or joins, hears what each run changes, of mistakes in pins and their end, and of the end by another tool', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const first = m.start(site, 'watch')
  await first.told(/no errors \(in /)
  const second = m.start(site, 'watch')
  const attached = m.start(site, 'attach')
  await Promise.all([second, attached].map(one => one.told(/✔ sitec: no errors$/m)))
  const before = readFileSync(page(site), 'utf8')
  appendFileSync(page(site), link)
  await attached.told(/^content\/about\.md:\d+:\d+ error [\s\S]*1 error in 1 file \(\d/m)
  writeFileSync(page(site), before)
  await attached.told(/no errors, 1 resolved \(/)
  const pins = readFileSync(join(site, '.toolversion'), 'utf8')
  const mistake = /^sitec\S* │ goes on as it is: there is no sitec 9\.9\.9 .*\(/m
  writeFileSync(join(site, '.toolversion'), 'sitec 9.9.9\n')
  await Promise.all([first, second, attached].map(one => one.told(mistake)))
  writeFileSync(join(site, '.toolversion'), pins)
  await Promise.all(
    [first, second, attached].map(one => one.told(/│ what was wrong with the pins .* is mended$/m)),
  )
  await m.run(site, 'stop')
  expect(await first.ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^the compilers were stopped$/m),
  })
  expect(await second.ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^watching with sitec \S+, in the session that runs already; [\s\S]*^the session .* has ended$/m,
    ),
  })
  const {stderr} = await attached.ended
  expect(stderr).toMatch(/^all that ran has ended$/m)
  // Once, however it is written down and told.
  expect(stderr.match(/about\.md:\d+:\d+ error/g)).toHaveLength(1)
  expect(stderr.match(/goes on as it is/g)).toHaveLength(1)
  expect((await m.run(site, 'logs', 'sitec')).stdout).toMatch(/^sitec\.watch │ started as process \d+$/m)
})
