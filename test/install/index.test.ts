import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {currentPlatform, platformName} from '../../src/base/platform.ts'
import {mirror} from '../../src/house/mirror.ts'
import {ensureInstalled} from '../../src/install/ensure.ts'
import {install} from '../../src/install/install.ts'
import {lock} from '../../src/install/lock.ts'
import {pinFromArgument} from '../../src/pin/argument.ts'
import {findProject} from '../../src/pin/project.ts'
import {pinsIn} from '../../src/pin/readers.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {fromMirror} from '../../src/toolchain/from-mirror.ts'
import {builtin} from '../support/definitions.ts'
import {serveIndexes, withMirrors} from '../support/indexes.ts'
import {createSigner} from '../support/minisign.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox, unreachable} from '../support/sandbox.ts'
import {tarball} from '../support/tarball.ts'
import {request} from '../support/toolchain.ts'

const origin = {kind: 'default'} as const
const {dist = ''} = builtin.get('node', origin).platforms?.[platformName(currentPlatform())] ?? {}
const hex = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** What nodejs.org has of a version: a program that says which one it is, and npm as a script beside it. */
function nodeArchive(version: string): Buffer {
  const root = `node-v${version}-${dist}`
  const npm = '#!/usr/bin/env node\nnpm\n'
  return tarball([
    {path: `${root}/bin/node`, mode: 0o755, content: `#!/bin/sh\necho "v${version} $*"\n`},
    {path: `${root}/lib/node_modules/npm/bin/npm-cli.js`, mode: 0o755, content: npm},
    {path: `${root}/lib/node_modules/npm/bin/npx-cli.js`, mode: 0o755, content: npm},
    {path: `${root}/bin/npm`, type: 'SymbolicLink', linkpath: '../lib/node_modules/npm/bin/npm-cli.js'},
    {path: `${root}/bin/npx`, type: 'SymbolicLink', linkpath: '../lib/node_modules/npm/bin/npx-cli.js'},
  ])
}

async function machine() {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  serveIndexes(registry)
  for (const version of ['22.21.1', '24.21.0']) {
    const bytes = nodeArchive(version)
    const file = `node-v${version}-${dist}.tar.gz`
    registry.serve(`/node/v${version}/${file}`, bytes)
    registry.serve(`/node/v${version}/SHASUMS256.txt`, `${hex(bytes)}  ${file}\n`)
  }
  return {
    registry,
    box,
    context: withMirrors(box.context, registry),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

test.each([
  ['lts/*', '24.21.0'],
  ['lts/jod', '22.21.1'],
  ['lts/-1', '22.21.1'],
])('a .nvmrc with %s installs Node of that line, with its npm', async (words, version) => {
  await using m = await machine()
  m.box.write('.nvmrc', `${words}\n`)
  const pins = [...pinsIn(m.box.project, m.context, builtin)]
  const [resolved] = await ensureInstalled(m.context, builtin, pins)
  expect(resolved).toMatchObject({installed: {version}, via: 'store'})
  const [pin] = pins
  if (pin === undefined) throw new Error('no pin')
  expect(resolveLocal(m.context, builtin.get('node', origin), pin)).toMatchObject({installed: {version}})
  const bin = m.context.layout.bin('node', version)
  const env = {PATH: `${bin}:/usr/bin:/bin`}
  expect(execFileSync(join(bin, 'node'), ['x'], {env, encoding: 'utf8'})).toBe(`v${version} x\n`)
  // The script finds the Node beside it.
  expect(execFileSync(join(bin, 'npm'), ['ci'], {env, encoding: 'utf8'})).toMatch(/^v\S+ \S*npm ci\n$/)
  const receipt = JSON.parse(readFileSync(m.context.layout.receipt('node', version), 'utf8'))
  expect(receipt).toMatchObject({
    url: `https://nodejs.org/dist/v${version}/node-v${version}-${dist}.tar.gz`,
    signature: {kind: 'gpg', verified: false},
  })
})

test('where only the npm registry answers, a line’s name is not known, which is said', async () => {
  await using m = await machine()
  const {target = ''} = builtin.get('node', origin).platforms?.[platformName(currentPlatform())] ?? {}
  m.registry.publish(`node-${target}`, '22.21.1', {'bin/node': '#!/bin/sh\necho v22.21.1\n'})
  const alone = m.box.at({env: unreachable})
  const line = [pinFromArgument('node@lts/jod', 'node', alone)]
  await expect(ensureInstalled(alone, builtin, line)).rejects.toMatchObject({
    code: 'NO_SUCH_VERSION',
    message: expect.stringMatching(/there is no node lts\/jod .* could not be asked: .*nodejs\.org/),
  })
  const [one] = await ensureInstalled(alone, builtin, [pinFromArgument('node@22', 'node', alone)])
  expect(one).toMatchObject({installed: {version: '22.21.1'}})
})

test('a lock names the address that everybody has, and holds', async () => {
  await using m = await machine()
  m.box.write('.toolversion', 'node lts\n')
  const project = findProject(m.context, builtin)
  if (project === undefined) throw new Error('no project')
  await lock(m.context, builtin, project)
  const text = readFileSync(join(m.box.project, '.toolversion.lock'), 'utf8')
  expect(text).toContain('node lts 24.21.0')
  expect(text).toContain(` https://nodejs.org/dist/v24.21.0/node-v24.21.0-${dist}.tar.gz`)
  const pins = [...pinsIn(m.box.project, m.context, builtin)]
  const frozen = {...m.context, frozen: true}
  expect((await ensureInstalled(frozen, builtin, pins))[0]).toMatchObject({installed: {version: '24.21.0'}})
})

test('a mirror hands on what is in Node’s own archives', async () => {
  await using m = await machine()
  await using other = sandbox()
  const directory = join(m.box.root, 'mirror')
  await mirror(m.context, builtin, {pins: [pinFromArgument('node@lts/jod', 'node', m.context)], directory})
  const definitions = fromMirror(other.context, builtin, directory)
  const pins = [pinFromArgument('node@lts/jod', 'node', other.context)]
  await ensureInstalled(other.context, definitions, pins)
  expect(readdirSync(other.context.layout.bin('node', '22.21.1')).sort()).toEqual(['node', 'npm', 'npx'])
})

test('Zig is installed where its publisher signed it, by a definition of one’s own with another key', async () => {
  await using m = await machine()
  const signer = createSigner()
  const platform = platformName(currentPlatform())
  const [target = ''] = Object.values(builtin.get('zig', origin).platforms?.[platform] ?? {})
  const file = `zig-${target}-0.16.0.tar.gz`
  const bytes = tarball([{path: `zig/zig`, mode: 0o755, content: '#!/bin/sh\necho 0.16.0\n'}])
  const entry = {
    tarball: `https://ziglang.org/download/0.16.0/${file}`,
    shasum: hex(bytes),
    size: `${bytes.length}`,
  }
  m.registry.serve(
    '/zig/download/index.json',
    JSON.stringify({'0.16.0': {date: '2026-04-13', [target]: entry}}),
  )
  m.registry.serve(`/zig/download/0.16.0/${file}`, bytes)
  m.registry.serve(`/zig/download/0.16.0/${file}.minisig`, signer.sign(bytes, {file}))
  const theirs = builtin.get('zig', origin)
  // The publisher's own key does not know this signature.
  await expect(install(m.context, request(theirs, '0.16.0'))).rejects.toMatchObject({
    code: 'SIGNATURE_INVALID',
  })
  const text = JSON.stringify(theirs).replace(
    'RWSGOq2NVecA2UPNdBUZykf1CCb147pkmdtYxgb3Ti+JO/wCYvhbAb/U',
    signer.publicKey,
  )
  mkdirSync(m.context.layout.definitions, {recursive: true})
  writeFileSync(join(m.context.layout.definitions, 'zig.json'), text)
  const own = (await loadDefinitions(m.context)).get('zig', origin)
  const {bin} = await install(m.context, request(own, '0.16.0'))
  expect(execFileSync(join(bin, 'zig'), {encoding: 'utf8'})).toBe('0.16.0\n')
})
