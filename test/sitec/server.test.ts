import {symlinkSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {type PageServer, servePages} from '../../fixtures/sitec/src/server/page-server.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

let box: Sandbox
let server: PageServer

beforeAll(async () => {
  box = sandbox()
  writeFileSync(join(box.root, 'secret.txt'), 'secret')
  box.write('static/style.css', 'a {}')
  box.write('static/deep/pic.svg', '<svg/>')
  box.write('static/empty.txt', '')
  symlinkSync(join(box.root, 'secret.txt'), join(box.project, 'static/out.txt'))
  symlinkSync(box.root, join(box.project, 'static/up'))
  const assets = ['style.css', 'deep/pic.svg', 'empty.txt', 'out.txt', 'up/secret.txt', 'gone.txt']
  const files = new Map([
    ['index.html', '<body>first</body>'],
    ['a b/index.html', '<p>inner</p>'],
  ])
  server = await servePages(
    {host: '127.0.0.1', port: 0},
    {files, assets, static: join(box.project, 'static')},
  )
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await box[Symbol.asyncDispose]()
})

test('it listens where it says', () => {
  expect(server).toMatchObject({host: '127.0.0.1', url: `http://127.0.0.1:${server.port}/`})
  expect(server.port).toBeGreaterThan(0)
})

test.each([
  ['', 200, 'text/html; charset=utf-8', 'first'],
  ['index.html?x=1', 200, 'text/html; charset=utf-8', 'first'],
  ['a%20b/', 200, 'text/html; charset=utf-8', '<p>inner</p>'],
  ['style.css', 200, 'text/css; charset=utf-8', 'a {}'],
  ['deep/pic.svg', 200, 'image/svg+xml', '<svg/>'],
  ['empty.txt', 200, 'text/plain; charset=utf-8', ''],
  ['nothing', 404, 'text/html; charset=utf-8', 'there is no page /nothing'],
  ['%3Cscript%3E', 404, 'text/html; charset=utf-8', '/&lt;script&gt;'],
  ['gone.txt', 404, 'text/html; charset=utf-8', 'gone.txt'],
  ['out.txt', 404, 'text/html; charset=utf-8', 'out.txt'],
  ['up/secret.txt', 404, 'text/html; charset=utf-8', 'no page'],
])('GET /%s', async (path, status, type, text) => {
  const response = await fetch(server.url + path)
  expect([response.status, response.headers.get('content-type')]).toEqual([status, type])
  const body = await response.text()
  expect(body).toContain(text)
  expect(body).not.toMatch(/^secret/)
})

test('a folder without its slash leads to the folder', async () => {
  const response = await fetch(`${server.url}a%20b`, {redirect: 'manual'})
  expect([response.status, response.headers.get('location')]).toEqual([302, '/a%20b/'])
})

test('HEAD has the header alone, other methods are refused', async () => {
  const head = await fetch(`${server.url}style.css`, {method: 'HEAD'})
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', ''])
  const post = await fetch(server.url, {method: 'POST', body: 'x'})
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

// fetch would take the steps upwards out by itself, so these go over a plain socket.
test.each([
  '/../secret.txt',
  '/static/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/deep/..%5c..%5csecret.txt',
  '/..\\secret.txt',
  '/style.css%00.html',
  '/%',
  '/%c0%ae%c0%ae/secret.txt',
  '/./style.css',
  'secret.txt',
])('no path leads out: %s', async path => {
  const answer = await ask(path)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).not.toContain('\r\nsecret')
})

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', text => {
      answer += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  })
}

test('a page that is open hears of a change', async () => {
  const events = await fetch(`${server.url}.sitec/changes`)
  expect(events.headers.get('content-type')).toBe('text/event-stream')
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('retry')
  server.show({files: new Map([['index.html', 'second']]), assets: [], static: box.project})
  expect((await reader?.read())?.value).toContain('event: reload\n')
  expect(await (await fetch(server.url)).text()).toContain('second')
  await reader?.cancel()
})

test('a taken port is one clear error', async () => {
  const again = servePages({host: '127.0.0.1', port: server.port}, {files: new Map(), assets: [], static: ''})
  await expect(again).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `port ${server.port} on 127.0.0.1 is taken by another program; --port 0 is any free one`,
  })
})

test('a host that is none of this machine is one clear error', async () => {
  const wrong = servePages({host: '192.0.2.1', port: 0}, {files: new Map(), assets: [], static: ''})
  await expect(wrong).rejects.toMatchObject({code: 'CANNOT_LISTEN'})
})

test('closing ends open pages too, and frees the port', async () => {
  const other = await servePages({host: '127.0.0.1', port: 0}, {files: new Map(), assets: [], static: ''})
  const events = await fetch(`${other.url}.sitec/changes`)
  await other[Symbol.asyncDispose]()
  expect(await events.text()).toBe('retry: 500\n\n')
  const next = await servePages(
    {host: '127.0.0.1', port: other.port},
    {files: new Map(), assets: [], static: ''},
  )
  expect(next.port).toBe(other.port)
  await next[Symbol.asyncDispose]()
})
