import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot} from '../support/sandbox.ts'
import {siteMachine} from '../support/site-machine.ts'

const served = /^sitec (\S+) (http:\/\/127\.0\.0\.1:(\d+)\/)$/

test('two projects, each built and served by its own version of the compiler, with no network', async () => {
  await using m = siteMachine()
  const [old, next] = [m.site('pages'), m.site('pages-next')]
  const built = await Promise.all([old, next].map(site => m.run(site, 'build')))
  for (const ran of built) {
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✔ sitec \d\.\d\.\d {2}ok .*\n0 errors, 0 warnings\n$/),
    })
    expect(ran.stderr).toMatch(/^installing sitec \d\.\d\.\d\n(?:to run sitec by its name, .*\n)?$/)
  }
  expect(existsSync(join(old, 'dist', 'index.html')) && existsSync(join(next, 'dist', 'index.html'))).toBe(
    true,
  )

  const servers = [old, next].map(site => m.start(site, 'serve'))
  const [first, second] = await Promise.all(servers.map(server => server.line()))
  const [oldVersion, oldUrl = '', oldPort] = served.exec(first ?? '')?.slice(1) ?? []
  const [nextVersion, nextUrl = '', nextPort] = served.exec(second ?? '')?.slice(1) ?? []
  expect(oldVersion).toMatch(/^1\./)
  expect(nextVersion).toBe('2.0.0')
  expect(oldPort).not.toBe(nextPort)
  const pages = await Promise.all([oldUrl, nextUrl].map(async url => (await fetch(url)).text()))
  expect(pages[0]).not.toBe(pages[1])
  expect((await m.run(next, 'port')).stdout).toBe(`${nextPort}\n`)

  for (const server of servers) server.kill('SIGINT')
  expect(await Promise.all(servers.map(server => server.ended))).toMatchObject([{code: 130}, {code: 130}])
  await expect(fetch(oldUrl)).rejects.toThrow()
  expect(await m.run(next, 'port')).toMatchObject({
    code: 8,
    stdout: '',
    stderr: expect.stringContaining('NOT_SERVED'),
  })
})

test('a second serve shows the URL of the first and follows it to its end', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const first = m.start(site, 'serve')
  const line = await first.line()
  const second = m.start(site, 'serve')
  expect(await second.line()).toBe(line)
  first.kill('SIGTERM')
  expect((await first.ended).code).toBe(143)
  expect((await second.ended).code).toBe(0)
})

test('ending the second serve leaves the first alone', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const first = m.start(site, 'serve')
  const url = served.exec(await first.line())?.[2] ?? ''
  const second = m.start(site, 'serve')
  await second.line()
  second.kill('SIGINT')
  expect((await second.ended).code).toBe(130)
  expect((await fetch(url)).status).toBe(200)
  first.kill('SIGINT')
  await first.ended
})

test('ten projects at once have ten live URLs', async () => {
  await using m = siteMachine()
  const sites = Array.from({length: 10}, (_, index) => m.site('pages', `site-${index}`))
  expect(await m.run(sites[0] ?? '', 'install')).toMatchObject({code: 0})
  const servers = sites.map(site => m.start(site, 'serve'))
  const urls = await Promise.all(servers.map(async server => served.exec(await server.line())?.[2] ?? ''))
  expect(new Set(urls).size).toBe(10)
  expect(await Promise.all(urls.map(async url => (await fetch(url)).status))).toEqual(urls.map(() => 200))
  for (const server of servers) server.kill('SIGINT')
  await Promise.all(servers.map(server => server.ended))
}, 60_000)

test('a project whose folder has a long name, with blanks and other signs, is served like any other', async () => {
  await using m = siteMachine()
  const site = m.site('pages', `a b ${'ü'.repeat(60)}/${'x'.repeat(200)}`)
  const server = m.start(site, 'serve')
  const [, , url = '', port] = served.exec(await server.line()) ?? []
  expect((await fetch(url)).status).toBe(200)
  expect((await m.run(site, 'port')).stdout).toBe(`${port}\n`)
  server.kill('SIGINT')
  expect((await server.ended).code).toBe(130)
})

test('--port and --host are honoured', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  const free = m.start(site, 'serve')
  const port = served.exec(await free.line())?.[3] ?? ''
  free.kill('SIGINT')
  await free.ended
  const wished = m.start(site, 'serve', '--port', port, '--host', '127.0.0.2')
  expect(await wished.line()).toMatch(new RegExp(`^sitec \\S+ http://127\\.0\\.0\\.2:${port}/$`))
  wished.kill('SIGINT')
  await wished.ended
})

test('errors of a compiler are shown with their lines, counted, and end the build with 1', async () => {
  await using m = siteMachine()
  const site = m.site('pages')
  mkdirSync(join(site, 'content'), {recursive: true})
  m.box.write('../pages/content/broken.md', '---\ntitle: Broken\n---\n\nSee [nothing](nowhere.md).\n')
  const pretty = await m.run(site, 'build')
  expect(pretty).toMatchObject({code: 1})
  expect(pretty.stdout).toContain('content/broken.md:5:15 error SITEC')
  expect(pretty.stdout).toMatch(/> 5 \| See \[nothing\]\(nowhere\.md\)\.\n {6}\| {15}\^{10}\n/)
  expect(pretty.stdout).toMatch(/✖ sitec \S+ {2}1 error .*\n1 error, 0 warnings\n$/)

  const json = await m.run(site, 'build', '--json')
  expect(json).toMatchObject({code: 1, stderr: ''})
  expect(JSON.parse(json.stdout)).toMatchObject({
    toolchains: [{name: 'sitec', status: 'errors', origin: {kind: 'file', line: expect.any(Number)}}],
    diagnostics: [
      {
        toolchain: 'sitec',
        source: 'sitec',
        severity: 1,
        range: {start: {line: 4, character: 14}, end: {line: 4, character: 24}},
      },
    ],
    summary: {errors: 1, warnings: 0},
  })
  expect(
    (await m.run(site, 'build', '--format', 'json')).stdout
      .split('"diagnostics"')[1]
      ?.split('"durationMs"')[0],
  ).toBe(json.stdout.split('"diagnostics"')[1]?.split('"durationMs"')[0])
  const github = await m.run(site, 'build', '--format', 'github')
  expect(github.stdout).toMatch(
    /^::error file=content\/broken\.md,line=5,col=15,endLine=5,endColumn=24,title=sitec SITEC\w+::/,
  )
  const last = (await m.run(site, 'build', '--format', 'ndjson')).stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(JSON.parse(last)).toMatchObject({type: 'build/finish', summary: {errors: 1}})
})

test('the sample sites are what their pins say', () => {
  const pins = readFileSync(join(packageRoot, 'fixtures', 'sites', 'hello', '.toolversion'), 'utf8')
  expect(pins).toMatch(/^typescript\s+5\.9/m)
  expect(pins).toMatch(/^esbuild\s+0\.28/m)
})
