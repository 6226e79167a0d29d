import {spawnSync} from 'node:child_process'
import {cpSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {packageRoot, sandbox} from '../support/sandbox.ts'
import {type PackedSitec, packedSitec} from './packed.ts'
import {run} from './running.ts'
import {page} from './support.ts'

let packed: PackedSitec

beforeAll(async () => {
  packed = await packedSitec()
})

afterAll(() => packed[Symbol.dispose]())

function sitec(version: string, args: readonly string[], cwd: string) {
  const {status, stdout, stderr} = spawnSync(process.execPath, [packed.program(version), ...args], {
    cwd,
    encoding: 'utf8',
    env: {PATH: process.env.PATH},
  })
  return {status, stdout, stderr}
}

describe('build', () => {
  test.each([
    ['pages', '1.0.0', '--out'],
    ['pages', '1.1.0', '--out'],
    ['pages', '2.0.0', '--out-dir'],
    ['pages-next', '1.1.0', '--out'],
    ['pages-next', '2.0.0', '--out-dir'],
  ])('%s by %s, without a diagnostic', async (site, version, flag) => {
    await using box = sandbox()
    cpSync(join(packageRoot, 'fixtures/sites', site), box.project, {recursive: true})
    const {status, stderr} = sitec(version, ['build', flag, 'public'], box.project)
    expect(stderr).toMatch(/^info: \d+ pages in public, \d+ files written\n$/)
    expect(status).toBe(0)
    expect(readFileSync(join(box.project, 'public/index.html'), 'utf8')).toContain(
      `Built with sitec ${version}`,
    )
    expect(readdirSync(join(box.project, 'public/images')).length).toBeGreaterThan(0)
  })

  test('an error is printed with its place, ends with 1, and leaves what was built before', async () => {
    await using box = sandbox()
    box.write('site/content/index.md', page('[a](b.md)'))
    box.write('site/content/b.md', page('b'))
    expect(sitec('1.0.0', ['build', 'site'], box.project).status).toBe(0)
    const before = readFileSync(join(box.project, 'site/dist/index.html'), 'utf8')
    box.write('site/content/index.md', page('new [a](c.md)'))
    expect(sitec('1.0.0', ['build', 'site'], box.project)).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'site/content/index.md:4:9: error SITEC004: there is no page or file c.md; did you mean b.md?\n',
    })
    expect(readFileSync(join(box.project, 'site/dist/index.html'), 'utf8')).toBe(before)
  })

  test('a warning does not keep it from being written', async () => {
    await using box = sandbox()
    box.write('content/index.md', page('a'))
    box.write('layout.html', '{{ titel }}{{ content }}')
    const {status, stderr} = sitec('2.0.0', ['build'], box.project)
    expect(status).toBe(0)
    expect(stderr).toContain(
      'layout.html:1:4: warning SITEC008: no page has a field “titel”; did you mean “title”?\n',
    )
    expect(stderr).toContain('info: 1 page in dist, 1 file written\n')
  })

  test('a folder without a site', async () => {
    await using box = sandbox()
    const {status, stderr} = sitec('2.0.0', ['build', 'nowhere'], box.project)
    expect({status, stderr}).toEqual({
      status: 1,
      stderr: 'nowhere:1:1: error SITEC013: there are no pages: write the first one to content/index.md\n',
    })
  })
})

test.each([
  ['1.0.0', [], 'no command is given', 'sitec --help'],
  ['1.0.0', ['biuld'], 'there is no command biuld', 'did you mean build?'],
  ['1.0.0', ['xyz'], 'there is no command xyz', 'sitec --help'],
  ['1.0.0', ['--verison'], 'there is no flag --verison', 'did you mean --version?'],
  ['1.0.0', ['build', '--otu', 'x'], 'build has no flag --otu', 'did you mean --out?'],
  ['1.0.0', ['build', '--out-dir', 'x'], 'build has no flag --out-dir', 'there are --out'],
  ['1.0.0', ['build', '-o'], 'build has no flag -o', 'there are --out'],
  ['1.0.0', ['build', '--out'], '--out needs a value', 'sitec build --out …'],
  ['1.0.0', ['build', '--out='], '--out needs a value', 'sitec build --out …'],
  ['1.0.0', ['build', 'a', 'b'], 'build takes one folder, but b is another', 'sitec --help'],
  [
    '1.1.0',
    ['serve', '--port', '99999'],
    '99999 is no port',
    'use a number from 0 to 65535; 0 is any free one',
  ],
  ['1.1.0', ['serve', '--port', '--host', 'x'], '--port needs a value', 'sitec serve --port …'],
  [
    '2.0.0',
    ['build', '--out', 'x'],
    '--out is called --out-dir since sitec 2.0.0',
    'sitec build --out-dir x',
  ],
  ['2.0.0', ['serve', '--out', 'x'], 'serve has no flag --out', 'there are --host, --port'],
])('%s %j is one clear error', async (version, args, message, hint) => {
  await using box = sandbox()
  const result = sitec(version, args, box.project)
  expect(result).toEqual({status: 2, stdout: '', stderr: `sitec: ${message}\n  ${hint}\n`})
  expect(readdirSync(box.project)).toEqual([])
})

test('help names the flags of its release', async () => {
  await using box = sandbox()
  for (const args of [['--help'], ['build', '--help'], ['serve', '-h'], ['help']]) {
    const {status, stdout, stderr} = sitec('2.0.0', args, box.project)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('--out-dir DIR')
  }
  expect(sitec('1.0.0', ['--help'], box.project).stdout).not.toContain('--out-dir')
})

describe('serve', () => {
  test('prints where it listens, and pages reload when their sources change', async () => {
    await using box = sandbox()
    box.write('content/index.md', page('first'))
    await using server = run(packed.program('2.0.0'), ['serve', '--host', '127.0.0.1'], {cwd: box.project})
    const [url] = await server.says('stdout', /^http:\/\/127\.0\.0\.1:\d+\/(?=\n)/)
    expect(await textOf(url)).toContain('<p>first</p>')
    const reloads = await openPage(url)
    box.write('content/sub/new.md', page('[a](../gone.md)'))
    await reloads.until(async () => (await textOf(`${url}sub/new.html`)).includes('../gone.md'))
    await server.says('stderr', /^content\/sub\/new\.md:4:5: error SITEC004/)
    box.write('layout.html', 'own {{ content }}')
    await reloads.until(async () => (await textOf(url)).startsWith('own <p>first</p>'))
    box.write('static/a.txt', 'a')
    await reloads.until(async () => (await textOf(`${url}a.txt`)) === 'a')
  })

  test('folders that come and go are followed', async () => {
    await using box = sandbox()
    await using server = run(packed.program('1.1.0'), ['serve'], {cwd: box.project})
    const [url] = await server.says('stdout', /^http:.*(?=\n)/)
    const reloads = await openPage(url)
    for (const text of ['one', 'two']) {
      box.write('content/index.md', page(text))
      await reloads.until(async () => (await textOf(url)).includes(`<p>${text}</p>`))
      rmSync(join(box.project, 'content'), {recursive: true})
      await reloads.until(async () => (await fetch(url)).status === 404)
    }
  })

  test('a folder that is not there ends with one clear error', async () => {
    await using box = sandbox()
    const stderr = `sitec: there is no folder ${join(box.project, 'nowhere')}\n`
    expect(sitec('1.1.0', ['serve', 'nowhere'], box.project)).toEqual({status: 1, stdout: '', stderr})
  })

  test('a taken port ends with one clear error', async () => {
    await using box = sandbox()
    box.write('content/index.md', page('first'))
    await using server = run(packed.program('1.0.0'), ['serve'], {cwd: box.project})
    const [, port = ''] = await server.says('stdout', /:(\d+)\/\n/)
    expect(sitec('1.1.0', ['serve', '--port', port], box.project)).toEqual({
      status: 1,
      stdout: '',
      stderr: `sitec: port ${port} on 127.0.0.1 is taken by another program; --port 0 is any free one\n`,
    })
  })
})

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text()
}

/** A page that is open in a browser, and waits to be reloaded. */
async function openPage(url: string) {
  const events = await fetch(`${url}.sitec/changes`)
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader?.read())?.value
  expect(await next()).toContain('retry')
  return {
    /** Looks each time it is told to reload, until it sees what it waits for. */
    async until(seen: () => Promise<boolean>): Promise<void> {
      do expect(await next()).toContain('event: reload')
      while (!(await seen()))
    },
  }
}
