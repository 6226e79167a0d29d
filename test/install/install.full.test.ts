import {execFileSync, spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {install} from '../../src/install/install.ts'
import {openSource} from '../../src/source/open.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {realNetwork} from '../support/real-network.ts'
import {startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {npmToolchain, request} from '../support/toolchain.ts'

const installer = new URL('../../fixtures/programs/install-ore.ts', import.meta.url).pathname

function environment({context}: Sandbox) {
  return {...context.env, TOOL_HOME: context.layout.home}
}

test('32 processes that install the same version: one download, 32 successes', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', packageTarball({'bin/ore': '#!/bin/sh\n', noise: randomBytes(2_000_000)}))
  const children = Array.from({length: 32}, () =>
    spawn(process.execPath, [installer, '1.0.0'], {
      env: environment(box),
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  const codes = await Promise.all(children.map(async child => (await once(child, 'exit'))[0]))
  expect(codes).toEqual(Array(32).fill(0))
  expect(registry.requests.filter(path => path.endsWith('.tgz'))).toHaveLength(1)
  expect(readdirSync(box.context.layout.staging)).toEqual([])
  expect(readdirSync(box.context.layout.locks)).toEqual([])
})

test('a full disk is named, and the store is as it was', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {'bin/ore': '#!/bin/sh\n'})
  registry.publish('ore', '2.0.0', packageTarball({'bin/ore': '#!/bin/sh\n', noise: randomBytes(3_000_000)}))
  mkdirSync(box.context.layout.home)
  // A small disk of its own, which only these processes see and which ends with them.
  const script = `
    mount -t tmpfs -o size=1m tmpfs "$TOOL_HOME" || exit 99
    "$0" "$1" 1.0.0 || exit 98
    before=$(cd "$TOOL_HOME" && find versions staging locks | sort)
    "$0" "$1" 2.0.0
    echo " exit $?"
    [ "$before" = "$(cd "$TOOL_HOME" && find versions staging locks | sort)" ] && echo unchanged`
  const child = spawn('/usr/bin/unshare', ['-m', 'sh', '-c', script, process.execPath, installer], {
    env: environment(box),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([
    child.stdout.toArray(),
    child.stderr.toArray(),
    once(child, 'exit'),
  ])
  expect(Buffer.concat(stderr).toString()).toContain("code: 'DISK_FULL'")
  expect(Buffer.concat(stdout).toString()).toBe('installed exit 1\nunchanged\n')
})

test('a version in a lower layer of a container’s file system can be replaced', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', {'bin/ore': '#!/bin/sh\necho old\n'})
  await install(box.context, request(npmToolchain('ore'), '1.0.0'))
  registry.publish('ore', '1.0.0', {'bin/ore': '#!/bin/sh\necho new\n'})
  const {home} = box.context.layout
  for (const name of ['upper', 'work']) mkdirSync(join(box.root, name))
  // No folder of the lower layer can be renamed there.
  const script = `
    mount -t overlay overlay -o "lowerdir=$TOOL_HOME,upperdir=${box.root}/upper,workdir=${box.root}/work" "$TOOL_HOME" || exit 99
    "$0" "$1" 1.0.0 --force || exit 98
    "$TOOL_HOME/versions/ore/1.0.0/bin/ore"
    ls -A "$TOOL_HOME/staging"`
  const child = spawn('/usr/bin/unshare', ['-m', 'sh', '-c', script, process.execPath, installer], {
    env: {...environment(box), TOOL_HOME: home},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [stdout] = await Promise.all([child.stdout.toArray(), once(child, 'exit')])
  expect(Buffer.concat(stdout).toString()).toBe('installednew\n')
})

test('typescript, from the registry itself: the short and the long document agree, and it runs', async () => {
  await using box = sandbox(realNetwork())
  const definition = npmToolchain('typescript', {executables: {tsc: {path: 'bin/tsc', runtime: 'node'}}})
  const network = createNetwork(box.context)
  const {versions, tags} = await openSource(box.context, definition, {network}).list()
  const url = new URL('typescript', (await network.npm()).registry('typescript'))
  const long = await network.get({url, headers: {accept: 'application/json'}}, async ({body}) => {
    return JSON.parse(Buffer.concat(await body.toArray()).toString())
  })
  expect(versions).toEqual(Object.keys(long.versions))
  expect(tags).toEqual(long['dist-tags'])
  const installed = await install(box.context, request(definition, '5.9.3'), {network})
  expect(readReceipt(installed)?.integrity).toBe(long.versions['5.9.3'].dist.integrity)
  const output = execFileSync(process.execPath, [join(installed.bin, 'tsc'), '--version'], {encoding: 'utf8'})
  expect(output).toBe('Version 5.9.3\n')
})
