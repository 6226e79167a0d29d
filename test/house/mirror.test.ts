import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {type AddressInfo, connect, createServer} from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {mirror} from '../../src/house/mirror.ts'
import {ensureInstalled} from '../../src/install/ensure.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {blobPath} from '../../src/source/directory-index.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {fromMirror} from '../../src/toolchain/from-mirror.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {tool} from '../support/tool.ts'
import {npmToolchain} from '../support/toolchain.ts'
import {treeOf} from '../support/tree.ts'

const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64']

/** A registry with `ore`, the same for all, and `mycc`, one package a platform. */
function offer(box: Sandbox, registry: Registry): Context {
  const folder = box.context.layout.definitions
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'ore.json'), JSON.stringify(npmToolchain('ore')))
  const native = npmToolchain('mycc', {
    sources: [{kind: 'npm', package: 'mycc', artifact: '@mycc/{os}-{arch}'}],
    platforms: Object.fromEntries(platforms.map(name => [name, {}])),
  })
  writeFileSync(join(folder, 'mycc.json'), JSON.stringify(native))
  for (const version of ['1.0.0', '2.0.0']) {
    registry.publish('ore', version, {'bin/ore': `#!/bin/sh\necho ore ${version}\n`})
    registry.publish('mycc', version, {})
    for (const name of platforms)
      registry.publish(`@mycc/${name}`, version, {'bin/mycc': `#!/bin/sh\necho mycc ${version} ${name}\n`})
  }
  return box.at({env: registry.env})
}

async function mirrorWords(context: Context, directory: string, words: string[], named: string[] = []) {
  const pins = words.map(word => pinFromArgument(word, 'ore', context))
  return mirror(context, await loadDefinitions(context), {pins, directory, platforms: named})
}

async function installFrom(context: Context, from: string, word: string): Promise<string> {
  const definitions = fromMirror(context, await loadDefinitions(context), from)
  const [one] = await ensureInstalled(context, definitions, [pinFromArgument(word, 'ore', context)])
  if (one?.via !== 'store') throw new Error(`${word} is not installed`)
  return one.installed.version
}

const index = (directory: string, toolchain: string) =>
  JSON.parse(readFileSync(join(directory, toolchain, 'index.json'), 'utf8'))

test('a mirror holds each archive under the digest that the source promised, of all platforms', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const directory = join(box.root, 'mirror')
  const done = await mirrorWords(context, directory, ['ore@1.0.0', 'mycc'])
  expect(done.map(({toolchain, version, platform, fresh}) => [toolchain, version, platform, fresh])).toEqual([
    ['ore', '1.0.0', 'any', true],
    ...platforms.map(name => ['mycc', '2.0.0', name, true]),
  ])
  for (const {toolchain, integrity, size} of done) {
    expect(integrity).toMatch(/^sha512-/)
    expect(readFileSync(join(directory, toolchain, blobPath(integrity)))).toHaveLength(size)
  }
  expect(Object.keys(index(directory, 'ore').versions)).toEqual(['1.0.0'])
  // `latest` means a version that is not in the mirror.
  expect(index(directory, 'ore').tags).toEqual({})
  expect(index(directory, 'mycc').tags).toEqual({latest: '2.0.0'})
})

test('what is there is kept, and never fetched again; what is damaged is', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const directory = join(box.root, 'mirror')
  const [first] = await mirrorWords(context, directory, ['ore@1.0.0'])
  registry.requests.length = 0
  const again = await mirrorWords(context, directory, ['ore@1.0.0', 'ore@2.0.0'])
  expect(again.map(({fresh}) => fresh)).toEqual([false, true])
  expect(registry.requests.filter(line => line.endsWith('.tgz'))).toEqual(['GET /ore/-/ore-2.0.0.tgz'])
  expect(Object.keys(index(directory, 'ore').versions)).toEqual(['1.0.0', '2.0.0'])
  expect(index(directory, 'ore').tags).toEqual({latest: '2.0.0'})
  writeFileSync(join(directory, 'ore', blobPath(first?.integrity ?? '')), 'damaged')
  const [mended] = await mirrorWords(context, directory, ['ore@1.0.0'])
  expect(mended).toEqual(first)
})

test('platforms can be named, and come one after the other', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const directory = join(box.root, 'mirror')
  await mirrorWords(context, directory, ['mycc@1.0.0'], ['linux-x64'])
  await mirrorWords(context, directory, ['mycc@1.0.0'], ['darwin-arm64', 'linux-x64'])
  const known = index(directory, 'mycc').versions['1.0.0'].artifacts
  expect(known.map(({platform}: {platform: string}) => platform)).toEqual(['darwin-arm64', 'linux-x64'])
  await expect(mirrorWords(context, directory, ['mycc@1.0.0'], ['win32-x64'])).rejects.toMatchObject({
    code: 'NO_ARTIFACT_FOR_PLATFORM',
  })
  await expect(mirrorWords(context, directory, ['mycc@1.0.0'], ['linux-x46-y'])).rejects.toMatchObject({
    code: 'PLATFORM_UNKNOWN',
    exitCode: 2,
  })
})

test('an archive that is not the promised one leaves the mirror as it was', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const directory = join(box.root, 'mirror')
  await mirrorWords(context, directory, ['ore@1.0.0'])
  const before = treeOf(directory)
  registry.on('/ore/-/ore-2.0.0.tgz', (_, response) => response.end(packageTarball({'bin/ore': 'evil'})))
  await expect(mirrorWords(context, directory, ['ore@2.0.0'])).rejects.toMatchObject({
    code: 'INTEGRITY_MISMATCH',
  })
  expect(treeOf(directory)).toEqual(before)
})

test('two that fill one mirror at once keep what the other added', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const directory = join(box.root, 'mirror')
  await Promise.all(['ore@1.0.0', 'ore@2.0.0'].map(word => mirrorWords(context, directory, [word])))
  expect(Object.keys(index(directory, 'ore').versions).sort()).toEqual(['1.0.0', '2.0.0'])
})

test('a folder with another index.json is not overwritten', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const path = box.write('ore/index.json', '{"mine": true}')
  await expect(mirrorWords(context, box.project, ['ore@1.0.0'])).rejects.toMatchObject({
    code: 'INDEX_INVALID',
  })
  expect(readFileSync(path, 'utf8')).toBe('{"mine": true}')
})

test('what is in the way of a mirror is named', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const add = (directory: string) => mirrorWords(context, directory, ['ore@1.0.0'])
  const refused = (path: string) => ({
    code: 'IN_THE_WAY',
    exitCode: 7,
    message: expect.stringContaining(`: ${path} (`),
    hint: expect.stringContaining('move it away'),
  })
  const file = box.write('file', '')
  await expect(add(file)).rejects.toMatchObject(refused(file))
  await expect(add(join(file, 'below'))).rejects.toMatchObject({code: 'IN_THE_WAY'})
  mkdirSync(join(box.project, 'one/ore/index.json'), {recursive: true})
  await expect(add(join(box.project, 'one'))).rejects.toMatchObject(
    refused(join(box.project, 'one/ore/index.json')),
  )
  const blobs = box.write('two/ore/blobs', '')
  await expect(add(join(box.project, 'two'))).rejects.toMatchObject(refused(blobs))
  mkdirSync(join(box.project, 'three/ore/.lock'), {recursive: true})
  await expect(add(join(box.project, 'three'))).rejects.toMatchObject(
    refused(join(box.project, 'three/ore/.lock')),
  )
})

test('a mirror without a name is none', async () => {
  await using box = sandbox()
  const env = {HOME: box.root, TOOL_OFFLINE: '1'}
  const {code, stderr} = await tool(['mirror', 'typescript@5.9.3', '--to', ''], {cwd: box.project, env})
  expect({code, stderr}).toEqual({code: 2, stderr: expect.stringContaining('it is empty')})
  expect(readdirSync(box.project)).toEqual([])
})

test.runIf(process.getuid?.() === 0)(
  'who may not write a mirror, or a lock file, is not sent to another home',
  async () => {
    await using box = sandbox()
    const home = join(box.root, 'theirs')
    mkdirSync(home)
    chownSync(home, 65_534, 65_534)
    chmodSync(box.root, 0o755)
    box.write('.toolversion', 'typescript 5.9.3\n')
    await using registry = await startRegistry()
    registry.publish('typescript', '5.9.3', {'bin/tsc': ''})
    const options = {cwd: box.project, env: {HOME: home, ...registry.env}, uid: 65_534}
    for (const args of [['mirror', 'typescript@5.9.3', '--to', join(box.project, 'mirror')], ['lock']]) {
      expect(await tool(args, options)).toMatchObject({
        code: 7,
        stderr: expect.stringMatching(
          new RegExp(
            `^error PERMISSION_DENIED: .*\\n {2}try: make the folder writable, .*: ${box.project}\\n$`,
          ),
        ),
      })
    }
  },
)

test('a package that promises SHA-1 alone lies under its SHA-512', async () => {
  await using registry = await startRegistry()
  await using box = sandbox()
  const context = offer(box, registry)
  const {createHash} = process.getBuiltinModule('node:crypto')
  const bytes = packageTarball({'bin/ore': 'old'})
  registry.publish('ore', '0.1.0', bytes, {shasum: createHash('sha1').update(bytes).digest('hex')})
  const [one] = await mirrorWords(context, join(box.root, 'mirror'), ['ore@0.1.0'])
  expect(one?.integrity).toBe(`sha512-${createHash('sha512').update(bytes).digest('base64')}`)
})

interface StaticServer {
  url: string
  stop(): Promise<void>
}

/** Plain static servers that are none of ours. */
const staticServers: [make: string, start: (directory: string) => Promise<StaticServer>][] = [
  [
    'Python’s',
    async directory => {
      const child = spawn(
        'python3',
        ['-u', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', directory, '0'],
        {stdio: ['ignore', 'pipe', 'ignore']},
      )
      const [line] = await once(createInterface({input: child.stdout}), 'line')
      return serverAt(child, Number(/port (\d+)/.exec(line)?.[1]))
    },
  ],
  [
    'BusyBox’s',
    async directory => {
      // It can't choose a port and say so: one that was free a moment ago is tried until it is.
      for (;;) {
        const port = await freePort()
        const child = spawn('busybox', ['httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', directory])
        const exit = once(child, 'exit')
        const up = await Promise.race([exit.then(() => false), listening(port)])
        if (up && child.exitCode === null) return serverAt(child, port)
      }
    },
  ],
]

function serverAt(child: ChildProcess, port: number): StaticServer {
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const {port} = server.address() as AddressInfo
  await new Promise(closed => server.close(closed))
  return port
}

async function listening(port: number): Promise<boolean> {
  const answers = () =>
    new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy())
    })
  await expect.poll(answers, {timeout: 10_000, interval: 20}).toBe(true)
  return true
}

test.each(staticServers)(
  'install from a mirror, behind %s server and from the folder, needs no other network',
  async (_make, start) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const context = offer(box, registry)
    const directory = join(box.root, 'mirror')
    const here = `${process.platform}-${process.arch}`
    await mirrorWords(context, directory, ['ore', 'mycc@1.0.0'], [here])
    const asked = registry.requests.length
    const server = await start(directory)
    try {
      // Ranges and tags are the mirror's own.
      expect(await installFrom(context, server.url, 'mycc@^1')).toBe('1.0.0')
      expect(await installFrom(context, `${server.url}`, 'ore')).toBe('2.0.0')
      await expect(installFrom(context, server.url, 'ore@1.0.0')).rejects.toMatchObject({
        code: 'NO_SUCH_VERSION',
      })
      await expect(installFrom(context, server.url, 'esbuild@0.28.2')).rejects.toMatchObject({
        code: 'NETWORK_NOT_FOUND',
      })
    } finally {
      await server.stop()
    }
    expect(existsSync(join(context.layout.bin('mycc', '1.0.0'), 'mycc'))).toBe(true)
    rmSync(context.layout.versions, {recursive: true})
    const offline = {...context, offline: true, cwd: box.root}
    expect(await installFrom(offline, 'mirror', 'ore')).toBe('2.0.0')
    expect(registry.requests.slice(asked)).toEqual([])
    expect(readdirSync(directory).sort()).toEqual(['mycc', 'ore'])
  },
)

test('an address that is none', async () => {
  await using box = sandbox()
  const definitions = await loadDefinitions(box.context)
  for (const from of ['', 'ftp://x/'])
    expect(() => fromMirror(box.context, definitions, from)).toThrow(
      expect.objectContaining({code: 'MIRROR_INVALID', exitCode: 2}),
    )
})
