import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {listeningSockets} from '../../src/process/listening-sockets.ts'
import {carriersOf} from '../support/carriers.ts'
import {siteMachine} from '../support/site-machine.ts'

const projects = 50
/** How many start at a time. */
const together = 5
const line = /^(\S+) \S+ (http:\/\/127\.0\.0\.1:(\d+)\/)$/

const programs = {
  js: `exec node -e '
    const server = require("node:http").createServer((_, response) => response.end(process.cwd()))
    server.listen(0, "127.0.0.1", () => console.log("ready on http://127.0.0.1:" + server.address().port + "/"))'`,
  py: `exec python3 -u -c '
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.getcwd().encode())
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("ready on http://127.0.0.1:%d/" % server.server_port)
server.serve_forever()'`,
}

test('fifty projects at once, of three compilers: each has a URL of its own, which answers when it is told', {
  timeout: 120_000,
}, async () => {
  await using m = siteMachine()
  const definitions = join(m.box.root, '.tool', 'toolchains')
  mkdirSync(definitions, {recursive: true})
  for (const [name, script] of Object.entries(programs)) {
    const serve = {driver: 'stream', command: [name], ready: '^ready on (?<url>.*)'}
    const definition = {
      name,
      title: name,
      homepage: 'https://dev.example/',
      sources: [{kind: 'npm', package: name}],
      executables: {[name]: {path: `bin/${name}`}},
      serve,
    }
    writeFileSync(join(definitions, `${name}.json`), JSON.stringify(definition))
    mkdirSync(join(m.box.root, name, 'bin'), {recursive: true})
    writeFileSync(join(m.box.root, name, 'bin', name), `#!/bin/sh\n${script}\n`, {mode: 0o755})
    expect(await m.run(m.box.root, 'link', `${name}@mine`, name)).toMatchObject({code: 0})
  }
  const roots = Array.from({length: projects}, (_, n) => {
    const toolchain = ['js', 'py', 'sitec'][n % 3]
    if (toolchain === 'sitec') {
      const site = m.site('pages', `site-${n}`)
      appendFileSync(join(site, 'content', 'index.md'), `\nThis is ${site}.\n`)
      return site
    }
    const root = join(m.box.root, `project-${n}`)
    mkdirSync(root)
    writeFileSync(join(root, '.toolversion'), `${toolchain} mine\n`)
    return root
  })

  const found = new Map<string, string>()
  const waiting = [...roots]
  const start = async () => {
    for (let root = waiting.pop(); root !== undefined; root = waiting.pop()) {
      const {code, stdout, stderr} = await m.run(root, 'serve', '--detach')
      const [, toolchain, url = ''] = line.exec(stdout.trimEnd()) ?? []
      expect({root, code, toolchain, stderr}).toMatchObject({code: 0, toolchain: expect.any(String)})
      const answer = await fetch(url)
      expect(answer.status).toBe(200)
      const text = await answer.text()
      if (toolchain === 'sitec') expect(text).toContain(`This is ${root}.`)
      else expect(text).toBe(root)
      found.set(root, url)
    }
  }
  await Promise.all(Array.from({length: together}, start))
  expect(new Set(found.values()).size).toBe(projects)

  const {stdout} = await m.run(m.box.root, 'ps', '--json')
  const running: {root: string; workers: {pid: number; state: string; urls: string[]}[]}[] =
    JSON.parse(stdout)
  expect(running.map(({root}) => root)).toEqual([...roots].sort())
  for (const {root, workers} of running) {
    expect(workers).toMatchObject([{state: 'ready', urls: [found.get(root)]}])
    const [{pid} = {pid: 0}] = workers
    const ports = listeningSockets(pid).map(({port}) => port)
    expect(ports).toContain(Number(new URL(found.get(root) ?? '').port))
  }
  expect(await m.run(m.box.root, 'stop', '--all')).toMatchObject({code: 0})
  expect((await m.run(m.box.root, 'ps')).stdout).toBe('')
  for (const url of found.values()) await expect(fetch(url)).rejects.toThrow()
  // Whoever was started has the home of this machine in its environment.
  await vi.waitUntil(() => carriersOf(m.box.root).length === 0, {timeout: 10_000})
})
