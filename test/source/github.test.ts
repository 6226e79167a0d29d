import {createHash} from 'node:crypto'
import {chmodSync} from 'node:fs'
import {dirname} from 'node:path'
import {describe, expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import type {GithubSourceDefinition} from '../../src/model/source-definition.ts'
import {openSource} from '../../src/source/open.ts'
import {type Registry, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const sri = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
const list = '/api/repos/ores/ore/releases'

interface AssetShape {
  name: string
  digest?: string | null
  state?: string
}

/** A release as the API has it, by and large. */
function release({url}: Registry, tag: string, assets: readonly AssetShape[], more: object = {}) {
  return {
    url: `${url}api/repos/ores/ore/releases/1`,
    id: 1,
    tag_name: tag,
    name: tag,
    draft: false,
    prerelease: false,
    published_at: '2026-01-02T03:04:05Z',
    assets: assets.map(asset => ({
      content_type: 'application/gzip',
      state: 'uploaded',
      size: 4,
      browser_download_url: `${url}ores/ore/releases/download/${tag}/${asset.name}`,
      ...asset,
    })),
    ...more,
  }
}

const linux = (version: string, content: string): AssetShape => ({
  name: `ore-${version}-linux-x64.tar.gz`,
  digest: `sha256:${hex(content)}`,
})

async function machine(env: Record<string, string> = {}) {
  const registry = await startRegistry()
  const box = sandbox({...registry.env, GITHUB_API_URL: `${registry.url}api`, ...env})
  return {
    registry,
    box,
    open: (source: Partial<GithubSourceDefinition> = {}, {context} = box as Pick<Sandbox, 'context'>) =>
      openSource(
        {...context, platform: {os: 'linux', arch: 'x64', libc: 'glibc'}},
        npmToolchain('ore', {
          sources: [
            {
              kind: 'github',
              repository: 'ores/ore',
              api: `${registry.url}api`,
              prefix: 'v',
              asset: 'ore-{version}-{os}-{arch}.tar.gz',
              ...source,
            },
          ],
        }),
        {network: createNetwork(context, impatient)},
      ),
    /** Answers the list of releases. */
    releases: (...all: object[]) => registry.serve(list, JSON.stringify(all)),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

describe('releases', () => {
  test('no drafts, no tags of other things; what is marked as a pre-release goes by its exact name', async () => {
    await using m = await machine()
    m.releases(
      release(m.registry, 'v3.0.0', [linux('3.0.0', 'c')], {draft: true}),
      release(m.registry, 'v2.1.0', [linux('2.1.0', 'b')], {prerelease: true}),
      release(m.registry, 'v2.0.0-rc.1', [], {prerelease: true}),
      release(m.registry, 'docs-7', []),
      release(m.registry, 'vscode/v1.0.0', []),
      release(m.registry, 'v1.0.0', [linux('1.0.0', 'a')]),
    )
    expect(await m.open().list()).toEqual({
      versions: ['2.0.0-rc.1', '1.0.0'],
      tags: {latest: '1.0.0'},
      released: expect.objectContaining({'1.0.0': '2026-01-02T03:04:05.000Z'}),
    })
    expect((await m.open().artifact('2.1.0')).integrity).toBe(sri('b'))
    await expect(m.open().artifact('3.0.0')).rejects.toMatchObject({code: 'NO_SUCH_VERSION'})
  })

  test('an artifact is the file of the platform, by the digest that GitHub has', async () => {
    await using m = await machine()
    m.releases(release(m.registry, 'v1.0.0', [linux('1.0.0', 'a')]))
    expect(await m.open().artifact('1.0.0')).toEqual({
      url: `${m.registry.url}ores/ore/releases/download/v1.0.0/ore-1.0.0-linux-x64.tar.gz`,
      portableUrl: `${m.registry.url}ores/ore/releases/download/v1.0.0/ore-1.0.0-linux-x64.tar.gz`,
      integrity: sri('a'),
      size: 4,
      format: 'tar.gz',
      strip: 1,
      source: 'github ores/ore',
    })
    const other = m.open({asset: 'ore-{version}-plan9.tar.gz'})
    await expect(other.artifact('1.0.0')).rejects.toMatchObject({code: 'NO_ARTIFACT_FOR_PLATFORM'})
  })

  test('a file that is still being uploaded is not there', async () => {
    await using m = await machine()
    m.releases(release(m.registry, 'v1.0.0', [{...linux('1.0.0', 'a'), state: 'starter'}]))
    await expect(m.open().artifact('1.0.0')).rejects.toMatchObject({code: 'NO_ARTIFACT_FOR_PLATFORM'})
  })

  test('pages are followed, by their number alone', async () => {
    await using m = await machine()
    m.registry.on(list, (request, response) => {
      const page = Number(new URL(request.url ?? '', m.registry.url).searchParams.get('page') ?? 1)
      // Another host in a link leads nowhere else.
      if (page < 3)
        response.setHeader(
          'link',
          `<https://evil.example/x?page=${page + 1}>; rel="next", <https://x/?page=3>; rel="last"`,
        )
      response.end(JSON.stringify([release(m.registry, `v1.0.${page}`, [])]))
    })
    expect((await m.open().list()).versions).toEqual(['1.0.1', '1.0.2', '1.0.3'])
    expect(m.registry.requests).toHaveLength(3)
  })

  test('a second list is answered by the cache; all platforms need one', async () => {
    await using m = await machine()
    m.releases(release(m.registry, 'v1.0.0', [linux('1.0.0', 'a')]))
    await m.open().list()
    await m.open().list()
    await m.open().artifact('1.0.0')
    expect(m.registry.requests).toHaveLength(1)
  })

  test.each([
    ['an object', '{"message":"x"}'],
    ['a release without a tag', '[{"name":"x"}]'],
    ['null', 'null'],
    ['no release', '[null]'],
  ])('%s instead of a list', async (_what, body) => {
    await using m = await machine()
    m.registry.serve(list, body)
    await expect(m.open().list()).rejects.toMatchObject({code: 'INDEX_INVALID'})
  })
})

describe('a file without a digest of GitHub’s', () => {
  const name = 'ore-1.0.0-linux-x64.tar.gz'
  const releases = (m: Awaited<ReturnType<typeof machine>>) =>
    m.releases(release(m.registry, 'v1.0.0', [{name, digest: null}, {name: 'SHA256SUMS-1.0.0'}]))

  test('is refused', async () => {
    await using m = await machine()
    releases(m)
    await expect(m.open().artifact('1.0.0')).rejects.toMatchObject({code: 'INTEGRITY_MISSING', exitCode: 6})
  })

  test('has that of the file of checksums', async () => {
    await using m = await machine()
    releases(m)
    m.registry.serve('/ores/ore/releases/download/v1.0.0/SHA256SUMS-1.0.0', `${hex('a')}  ${name}\n`)
    const {integrity} = await m.open({digest: {checksums: 'SHA256SUMS-{version}'}}).artifact('1.0.0')
    expect(integrity).toBe(sri('a'))
  })

  test('has that of what comes first, where the definition says so', async () => {
    await using m = await machine()
    releases(m)
    m.registry.serve(`/ores/ore/releases/download/v1.0.0/${name}`, 'a')
    expect((await m.open({digest: 'none'}).artifact('1.0.0')).integrity).toBe(sri('a'))
  })
})

describe('tokens', () => {
  const authorizations = ({headers}: Registry) => headers.map(({authorization}) => authorization)

  test.each([
    [{GH_TOKEN: 'ghp_c'}, 'ghp_c'],
    [{GH_TOKEN: 'ghp_c', GITHUB_TOKEN: 'ghp_b\n'}, 'ghp_b'],
    [{GH_TOKEN: 'ghp_c', GITHUB_TOKEN: 'ghp_b', TOOL_GITHUB_TOKEN: 'ghp_a'}, 'ghp_a'],
    [{GITHUB_TOKEN: '', GH_TOKEN: 'ghp_c'}, 'ghp_c'],
  ])('of the environment: %o', async (env, token) => {
    await using m = await machine(env)
    m.releases(release(m.registry, 'v1.0.0', []))
    await m.open().list()
    expect(authorizations(m.registry)).toEqual([`Bearer ${token}`])
  })

  test('are for their own server alone, whatever a definition says', async () => {
    await using m = await machine({GITHUB_TOKEN: 'ghp_b', GITHUB_API_URL: 'https://github.example/api/v3'})
    m.releases(release(m.registry, 'v1.0.0', []))
    await m.open().list()
    await using n = await machine({GITHUB_TOKEN: 'ghp_b', GITHUB_API_URL: ''})
    n.releases(release(n.registry, 'v1.0.0', []))
    await n.open().list()
    expect([...authorizations(m.registry), ...authorizations(n.registry)]).toEqual([undefined, undefined])
  })

  test('do not follow a redirect to another host, nor go with a download', async () => {
    await using m = await machine({GITHUB_TOKEN: 'ghp_b'})
    await using other = await startRegistry()
    other.serve(
      '/moved',
      JSON.stringify([release(m.registry, 'v1.0.0', [{name: 'ore-1.0.0-linux-x64.tar.gz'}])]),
    )
    m.registry.on(list, (_, response) => response.writeHead(302, {location: `${other.url}moved`}).end())
    m.registry.serve('/ores/ore/releases/download/v1.0.0/ore-1.0.0-linux-x64.tar.gz', 'a')
    await m.open({digest: 'none'}).artifact('1.0.0')
    expect(authorizations(m.registry)).toEqual(['Bearer ghp_b', undefined])
    expect(authorizations(other)).toEqual([undefined])
  })

  test('of gh are asked for where GitHub wants one, and not before', async () => {
    await using m = await machine()
    const gh = m.box.write('bin/gh', '#!/bin/sh\necho "$@" >>"$HOME/asked"\necho gho_d\n')
    chmodSync(gh, 0o755)
    const context = m.box.at({env: {PATH: `${dirname(gh)}:/usr/bin:/bin`}})
    m.registry.on(list, ({headers}, response) => {
      if (headers.authorization === undefined) return void response.writeHead(404).end('{}')
      response.end(JSON.stringify([release(m.registry, 'v1.0.0', [])]))
    })
    expect((await m.open({}, {context}).list()).versions).toEqual(['1.0.0'])
    expect(authorizations(m.registry)).toEqual([undefined, 'Bearer gho_d'])
    const {readFileSync} = await import('node:fs')
    const asked = readFileSync(`${m.box.root}/asked`, 'utf8')
    expect(asked).toBe(`auth token --hostname ${new URL(m.registry.url).host}\n`)
  })

  test('of gh are those that it keeps for the server, not those of the environment', async () => {
    await using m = await machine()
    const gh = m.box.write('bin/gh', '#!/bin/sh\nenv | grep TOKEN | cut -d= -f2\n')
    chmodSync(gh, 0o755)
    const context = m.box.at({
      env: {GH_ENTERPRISE_TOKEN: 'ghp_e', PATH: `${dirname(gh)}:/usr/bin:/bin`},
    })
    m.registry.on(list, (_request, response) => void response.writeHead(404).end('{}'))
    await expect(m.open({}, {context}).list()).rejects.toMatchObject({code: 'REPOSITORY_NOT_FOUND'})
    expect(authorizations(m.registry)).toEqual([undefined])
  })

  test.each([
    [401, 'GITHUB_TOKEN_REFUSED', 'GITHUB_TOKEN'],
    [404, 'REPOSITORY_NOT_FOUND', 'GITHUB_TOKEN'],
  ])('that don’t do (%i)', async (status, code, from) => {
    await using m = await machine({GITHUB_TOKEN: 'ghp_b', PATH: '/nowhere'})
    m.registry.on(list, (_, response) => response.writeHead(status).end('{}'))
    const failing = m.open().list()
    await expect(failing).rejects.toMatchObject({code, exitCode: 5, hint: expect.stringContaining(from)})
    await failing.catch(error =>
      expect(JSON.stringify({...error, message: error.message})).not.toContain('ghp_b'),
    )
  })

  test('that are none are passed over, aloud', async () => {
    await using m = await machine({GITHUB_TOKEN: 'two words'})
    m.releases(release(m.registry, 'v1.0.0', []))
    await m.open().list()
    expect(m.box.logged.join('\n')).toContain('warning: GITHUB_TOKEN is no token')
    expect(m.box.logged.join('\n')).not.toContain('two words')
  })
})

describe('limits', () => {
  const inMinutes = (minutes: number) => String(Math.ceil(Date.now() / 1000) + minutes * 60)

  test.each([
    [403, () => ({'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inMinutes(23)}), /\(in 2[34] minutes\)/],
    [429, () => ({'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inMinutes(1)}), /\(in [12] minutes?\)/],
    [403, () => ({'x-ratelimit-limit': '5000', 'retry-after': '61'}), /\(in 2 minutes\)/],
  ])('are told with the time they end (%i), without a further try', async (status, headers, text) => {
    await using m = await machine({PATH: '/nowhere'})
    m.registry.on(list, (_, response) => response.writeHead(status, headers()).end('{}'))
    const failing = m.open().list()
    await expect(failing).rejects.toMatchObject({
      code: 'NETWORK_RATE_LIMITED',
      exitCode: 5,
      message: expect.stringMatching(text),
      hint: expect.stringContaining('GITHUB_TOKEN'),
    })
    await expect(failing).rejects.toThrow(/before \d\d:\d\d UTC/)
    expect(m.registry.requests).toHaveLength(1)
  })

  test.each([
    ['is no limit', {'x-ratelimit-remaining': '59'}],
    ['ends at no time', {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9'.repeat(17)}],
  ])('a refusal that %s is none', async (_what, headers) => {
    await using m = await machine({PATH: '/nowhere'})
    m.registry.on(list, (_, response) => response.writeHead(403, headers).end('{}'))
    await expect(m.open().list()).rejects.toMatchObject({
      code: 'NETWORK_FORBIDDEN',
      hint: expect.stringContaining('GITHUB_TOKEN'),
    })
  })
})
