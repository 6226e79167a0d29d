import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {install} from '../../src/install/install.ts'
import {installAll} from '../../src/install/install-all.ts'
import type {InstallProgress} from '../../src/install/progress.ts'
import {writeDirectoryIndex} from '../../src/source/directory-index.ts'
import {findInstalled, listInstalled} from '../../src/store/installed.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {npmToolchain, request, storeListing} from '../support/toolchain.ts'

const ore = npmToolchain('ore')
const program = {'bin/ore': '#!/bin/sh\necho "ore $0"\n', 'package.json': '{}', 'lib/data.txt': 'data'}

/** Notes every call, in order. */
function recorder() {
  const calls: unknown[][] = []
  const progress: InstallProgress = {
    onStart: (id, what) => calls.push(['start', id, what.version]),
    onBytes: (id, received, total) => calls.push(['bytes', id, received, total]),
    onPhase: (id, phase) => calls.push(['phase', id, phase]),
    onFinish: id => calls.push(['finish', id]),
  }
  return {calls, progress}
}

describe('one version', () => {
  test('is fetched, verified, unpacked, linked and receipted', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const {context} = box
    registry.publish('ore', '1.0.0', program)
    const installed = await install(context, request(ore, '1.0.0'))
    expect(installed).toEqual({
      toolchain: 'ore',
      version: '1.0.0',
      directory: context.layout.version('ore', '1.0.0'),
      bin: context.layout.bin('ore', '1.0.0'),
      fresh: true,
    })
    const executable = join(installed.bin, 'ore')
    expect(readlinkSync(executable)).toBe('../package/bin/ore')
    expect(execFileSync(executable, {encoding: 'utf8'})).toBe(`ore ${executable}\n`)
    expect(readReceipt(installed)).toEqual({
      toolchain: 'ore',
      version: '1.0.0',
      source: 'npm ore',
      url: `${registry.url}ore/-/ore-1.0.0.tgz`,
      integrity: expect.stringMatching(/^sha512-/),
      size: packageTarball(program).length,
      files: 3,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      tool: expect.stringMatching(/^\d+\.\d+\.\d+/),
      platform: expect.stringContaining(process.arch),
      executables: {ore: {path: 'bin/ore'}},
    })
    expect(readdirSync(context.layout.staging)).toEqual([])
    expect(readdirSync(context.layout.locks)).toEqual([])
  })

  test('that is there is not fetched again, unless it shall be', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const first = await install(box.context, request(ore, '1.0.0'))
    const asked = registry.requests.length
    expect(await install(box.context, request(ore, '1.0.0'))).toEqual({...first, fresh: false})
    expect(registry.requests).toHaveLength(asked)
    registry.publish('ore', '1.0.0', {...program, 'lib/data.txt': 'newer'})
    expect((await install(box.context, request(ore, '1.0.0'), {force: true})).fresh).toBe(true)
    expect(readFileSync(join(first.directory, 'package/lib/data.txt'), 'utf8')).toBe('newer')
    expect(readdirSync(box.context.layout.staging)).toEqual([])
  })

  test('is receipted without the credentials of its address', async () => {
    await using registry = await startRegistry()
    await using box = sandbox({npm_config_registry: registry.url.replace('//', '//me:s3cret@')})
    const tarballUrl = `${registry.url.replace('//', '//me:s3cret@')}ore/-/ore-1.0.0.tgz`
    registry.publish('ore', '1.0.0', program, {tarballUrl})
    const installed = await install(box.context, request(ore, '1.0.0'))
    expect(registry.headers.at(-1)?.authorization).toMatch(/^Basic /)
    expect(readReceipt(installed)?.url).toBe(`${registry.url}ore/-/ore-1.0.0.tgz`)
    expect(readFileSync(join(installed.directory, 'receipt.json'), 'utf8')).not.toContain('s3cret')
  })

  test('shows its progress', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const size = packageTarball(program).length
    const {calls, progress} = recorder()
    await install(box.context, request(ore, '1.0.0'), {progress})
    expect(calls).toEqual([
      ['start', 0, '1.0.0'],
      ['phase', 0, 'downloading'],
      ['bytes', 0, size, size],
      ['phase', 0, 'storing'],
      ['finish', 0],
    ])
  })

  test('comes from a folder as well, with no network', async () => {
    await using box = sandbox()
    const directory = join(box.root, 'offers')
    const file = box.write('ore.tgz', packageTarball(program))
    writeDirectoryIndex(directory, [{version: '1.0.0', file, format: 'tar.gz', strip: 1}], {})
    const definition = npmToolchain('ore', {sources: [{kind: 'directory', path: directory}]})
    const network = createNetwork(box.context, {offline: true})
    const installed = await install(box.context, request(definition, '1.0.0'), {network})
    expect(readFileSync(join(installed.bin, 'ore'), 'utf8')).toBe(program['bin/ore'])
    const blobs = join(directory, 'blobs/sha256')
    for (const name of readdirSync(blobs))
      writeFileSync(join(blobs, name), packageTarball({'bin/ore': 'evil'}))
    await expect(
      install(box.context, request(definition, '1.0.0'), {network, force: true}),
    ).rejects.toMatchObject({
      code: 'INTEGRITY_MISMATCH',
    })
    expect(readFileSync(join(installed.bin, 'ore'), 'utf8')).toBe(program['bin/ore'])
  })

  test('makes a program runnable that was packed without the right', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const {directory} = await install(box.context, request(ore, '1.0.0'))
    expect(statSync(join(directory, 'package/bin/ore')).mode & 0o777).toBe(0o755)
  })

  test('takes the place of a folder that is no version', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    mkdirSync(join(box.context.layout.version('ore', '1.0.0'), 'half'), {recursive: true})
    const {directory, fresh} = await install(box.context, request(ore, '1.0.0'))
    expect(fresh).toBe(true)
    expect(readdirSync(directory).sort()).toEqual(['bin', 'package', 'receipt.json'])
  })

  test('sweeps what a killed install left', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const left = join(box.context.layout.staging, 'ore-1.0.0~1073741824~1~gone~aaaaaaaa')
    const junk = join(box.context.layout.staging, 'ore-1.0.0~1073741824~%~gone~aaaaaaaa')
    mkdirSync(junk, {recursive: true})
    mkdirSync(join(left, 'version', 'package'), {recursive: true})
    await install(box.context, request(ore, '1.0.0'))
    expect(existsSync(left)).toBe(false)
    expect(existsSync(junk)).toBe(true)
  })
})

test.each(['../up', 'a/b', '.', '..', '.hidden', '', 'a b', 'a\\b', 'x'.repeat(200), '~1'])(
  'the version %j is refused as a name',
  async version => {
    await using box = sandbox()
    await expect(install(box.context, request(ore, version))).rejects.toMatchObject({
      code: 'VERSION_NAME_UNSAFE',
      exitCode: 4,
    })
    expect(existsSync(box.context.layout.home)).toBe(false)
  },
)

describe('several versions', () => {
  test('side by side, in the order asked for', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const versions = ['3.0.0', '1.0.0', '2.0.0']
    for (const version of versions) registry.publish('ore', version, {...program, version})
    const {calls, progress} = recorder()
    const results = await installAll(
      box.context,
      versions.map(version => request(ore, version)),
      {progress},
    )
    expect(results.map(({version}) => version)).toEqual(versions)
    expect(listInstalled(box.context, 'ore').map(({version}) => version)).toEqual(['1.0.0', '2.0.0', '3.0.0'])
    expect(calls.filter(([what]) => what === 'start')).toHaveLength(3)
    expect(calls.filter(([what]) => what === 'finish')).toHaveLength(3)
  })

  test('where one fails the others are installed, and it is the failure', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    for (const version of ['1.0.0', '2.0.0']) registry.publish('ore', version, program)
    const requests = ['1.0.0', '9.9.9', '2.0.0'].map(version => request(ore, version))
    await expect(installAll(box.context, requests, {jobs: 1})).rejects.toMatchObject({
      code: 'NO_SUCH_VERSION',
      exitCode: 4,
    })
    expect(listInstalled(box.context, 'ore').map(({version}) => version)).toEqual(['1.0.0', '2.0.0'])
  })

  test('where several fail, the log has the others, and what was installed', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    for (const version of ['1.0.0', '1.1.0']) registry.publish('ore', version, program)
    await install(box.context, request(ore, '1.0.0'))
    const requests = ['8.8.8', '1.1.0', '1.0.0', '9.9.9'].map(version => request(ore, version))
    await expect(installAll(box.context, requests)).rejects.toThrow('there is no ore 8.8.8')
    expect(box.logged.filter(line => !line.startsWith('debug'))).toEqual([
      'info: installed ore 1.1.0',
      'error: NO_SUCH_VERSION: there is no ore 9.9.9 (set by the command line); ' +
        'near it are 1.1.0, 1.0.0; the latest is 1.1.0',
    ])
  })

  test('given up together, they are not failures', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const controller = new AbortController()
    registry.on('*', () => controller.abort(new Error('enough')))
    const requests = ['1.0.0', '1.1.0'].map(version => request(ore, version))
    await expect(installAll(box.at({signal: controller.signal}), requests)).rejects.toThrow('enough')
    expect(box.logged).toEqual([])
  })
})

describe('a version that is no more complete', () => {
  test('is installed again', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const {bin} = await install(box.context, request(ore, '1.0.0'))
    for (const gone of ['bin/ore', 'package/bin/ore']) {
      rmSync(join(bin, '..', gone))
      expect(await install(box.context, request(ore, '1.0.0'))).toMatchObject({fresh: true})
      expect(execFileSync(join(bin, 'ore'), {encoding: 'utf8'})).toBe(`ore ${join(bin, 'ore')}\n`)
      expect(await install(box.context, request(ore, '1.0.0'))).toMatchObject({fresh: false})
    }
  })
})

describe('many at once', () => {
  test('inside one process: one download', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const results = await installAll(box.context, Array(8).fill(request(ore, '1.0.0')))
    expect(results.filter(({fresh}) => fresh)).toHaveLength(1)
    expect(registry.requests.filter(path => path.endsWith('.tgz'))).toHaveLength(1)
  })

  test('in 8 processes: one download, 8 successes', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', program)
    const installer = new URL('../../fixtures/programs/install-ore.ts', import.meta.url).pathname
    const children = Array.from({length: 8}, () =>
      spawn(process.execPath, [installer, '1.0.0'], {
        env: {...box.context.env, TOOL_HOME: box.context.layout.home},
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
    const outputs = await Promise.all(
      children.map(async child => {
        const [[code], text] = await Promise.all([once(child, 'exit'), child.stdout.toArray()])
        return `${code} ${Buffer.concat(text)}`.trim()
      }),
    )
    expect(outputs.sort()).toEqual([...Array(7).fill('0 there'), '0 installed'].sort())
    expect(registry.requests.filter(path => path.endsWith('.tgz'))).toHaveLength(1)
    expect(readdirSync(box.context.layout.staging)).toEqual([])
    expect(readdirSync(box.context.layout.locks)).toEqual([])
  })
})

test('an abort in the middle of the download leaves nothing', async () => {
  await using registry = await startRegistry()
  await using box = sandbox(registry.env)
  registry.publish('ore', '1.0.0', program)
  const controller = new AbortController()
  const context = box.at({signal: controller.signal})
  const bytes = packageTarball(program)
  registry.on('/ore/-/ore-1.0.0.tgz', (_, response) => {
    response.writeHead(200, {'content-length': bytes.length}).write(bytes.subarray(0, 50))
  })
  const progress: InstallProgress = {
    ...recorder().progress,
    onBytes: () => controller.abort(new Error('enough')),
  }
  await expect(install(context, request(ore, '1.0.0'), {progress})).rejects.toThrow('enough')
  expect(storeListing(context)).toEqual([])
  expect(findInstalled(context, 'ore', '1.0.0')).toBeUndefined()
})
