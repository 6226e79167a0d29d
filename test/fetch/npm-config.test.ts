import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import npmDefaults from '@npmcli/config/lib/definitions/index.js'
import {describe, expect, test} from 'vitest'
import {readNpmConfig} from '../../src/fetch/npm-config.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

const publicRegistry = npmDefaults.definitions.registry.default

/** The machine's own global file is no matter of these tests. */
const noGlobalFile = {npm_config_globalconfig: '/none/npmrc'}

function writeUsers({root}: Sandbox, text: string, path = '.npmrc'): void {
  mkdirSync(dirname(join(root, path)), {recursive: true})
  writeFileSync(join(root, path), text)
}

test('without any configuration: the public registry, nothing else', async () => {
  await using box = sandbox(noGlobalFile)
  const npm = await readNpmConfig(box.context)
  expect(npm.registry('typescript')).toBe(publicRegistry)
  expect(npm.registry('@esbuild/linux-x64')).toBe(publicRegistry)
  expect(npm.authorization(new URL('typescript', publicRegistry))).toBeUndefined()
  expect(npm).toMatchObject({
    strictSsl: true,
    offline: false,
    replaceRegistryHost: new URL(publicRegistry).host,
    ca: undefined,
  })
})

test("scopes, the environment over the user's file", async () => {
  await using box = sandbox(noGlobalFile)
  writeUsers(box, 'registry=https://user.example/\n@a:registry=https://user-a.example/npm\n')
  const npm = await readNpmConfig(box.context)
  expect(npm.registry('x')).toBe('https://user.example/')
  expect(npm.registry('@a/x')).toBe('https://user-a.example/npm/')
  const varied = await readNpmConfig(box.at({env: {NPM_CONFIG_REGISTRY: 'https://variable.example'}}))
  expect(varied.registry('x')).toBe('https://variable.example/')
})

describe("a project's file", () => {
  const lines = [
    'registry=https://project.example/',
    '@a:registry = "https://project-a.example/"',
    'strict-ssl=false',
    'cafile=/none.pem',
    'ca=AAAA',
    'proxy=http://project.example:1/',
    'https-proxy=http://project.example:1/',
    'noproxy=*',
    'offline=true',
    'replace-registry-host=always',
    `//${new URL(publicRegistry).host}/:_authToken=theirs`,
    'userconfig=./theirs',
    'globalconfig=./theirs',
  ]

  test.each([
    ['beside a package.json', 'package.json', '{}', '.npmrc'],
    ['alone', 'lib.js', '', '.npmrc'],
    ['at the root of the workspaces', '../package.json', '{"name":"r","workspaces":["app"]}', '../.npmrc'],
  ])('%s decides nothing, and a note says what to do', async (_where, other, text, file) => {
    await using box = sandbox(noGlobalFile)
    writeUsers(box, 'registry=https://user.example/\n', 'own/npmrc')
    box.write('theirs', 'registry=https://theirs.example/\n')
    if (file === '../.npmrc') box.write('package.json', '{"name":"app"}')
    box.write(other, text)
    const path = resolve(box.write(file, lines.join('\n')))
    const userFile = join(box.root, 'own/npmrc')
    const npm = await readNpmConfig(box.at({env: {npm_config_userconfig: userFile}}))
    expect(npm.registry('x')).toBe('https://user.example/')
    expect(npm.registry('@a/x')).toBe('https://user.example/')
    expect(npm.authorization(new URL('x', publicRegistry))).toBeUndefined()
    expect(npm).toMatchObject({
      strictSsl: true,
      ca: undefined,
      httpProxy: undefined,
      httpsProxy: undefined,
      noProxy: undefined,
      offline: false,
      replaceRegistryHost: new URL(publicRegistry).host,
    })
    expect(box.logged).toEqual([
      `info: ${path} sets registry and @a:registry, which is not used: a project does not choose the registry; ` +
        `to use it, put it into ${userFile}, or set npm_config_registry`,
    ])
  })

  test.each([
    ['sets no registry', 'strict-ssl=false\n; registry=https://commented.example/\n'],
    ['sets the registry that is used', 'registry=https://user.example\n'],
  ])('that %s is not mentioned', async (_what, text) => {
    await using box = sandbox(noGlobalFile)
    writeUsers(box, 'registry=https://user.example/\n')
    box.write('.npmrc', text)
    await readNpmConfig(box.context)
    expect(box.logged).toEqual([])
  })

  test("in the home is the user's own", async () => {
    await using box = sandbox(noGlobalFile)
    writeUsers(box, 'registry=https://user.example/\n')
    const npm = await readNpmConfig(box.at({cwd: box.root}))
    expect(npm.registry('x')).toBe('https://user.example/')
    expect(box.logged).toEqual([])
  })
})

test('credentials of every kind, by host and the longest path', async () => {
  await using box = sandbox(noGlobalFile)
  writeUsers(
    box,
    [
      `//r.example/:_authToken=\${THE_TOKEN}`,
      '//r.example/team/:_authToken=team-token',
      '//basic.example/:_auth=dXNlcjpwYXNz',
      '//pair.example/:username=me',
      `//pair.example/:_password=${Buffer.from('pw').toString('base64')}`,
    ].join('\n'),
  )
  const npm = await readNpmConfig(box.at({env: {THE_TOKEN: 'from-variable'}}))
  const of = (url: string) => npm.authorization(new URL(url))
  expect(of('https://r.example/typescript/-/typescript-1.0.0.tgz')).toBe('Bearer from-variable')
  expect(of('https://r.example/team/x')).toBe('Bearer team-token')
  expect(of('https://r.example:8443/x')).toBeUndefined()
  expect(of('https://other.example/x')).toBeUndefined()
  expect(of('https://basic.example/x')).toBe('Basic dXNlcjpwYXNz')
  expect(of('https://pair.example/x')).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`)
})

test('a variable that is not set is warned of', async () => {
  await using box = sandbox(noGlobalFile)
  writeUsers(
    box,
    `//r.example/:_authToken=\${NOPE}\nregistry=https://\${ALSO_NOPE}/\ninit-author-name=\${NOBODY}\n`,
  )
  await readNpmConfig(box.context)
  expect(box.logged.toSorted()).toEqual([
    "warning: npm's //r.example/:_authToken is made of the variable NOPE, which is not set",
    "warning: npm's registry is made of the variable ALSO_NOPE, which is not set",
  ])
})

test('proxies, certificates and the like', async () => {
  await using box = sandbox(noGlobalFile)
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  const cafile = box.write('ca.pem', `${pem}\n${pem}\n`)
  writeUsers(
    box,
    `cafile=${cafile}\nstrict-ssl=false\nhttps-proxy=http://p.example:8080\nnoproxy=a.example,b.example\n`,
  )
  const npm = await readNpmConfig(box.context)
  expect(npm.ca).toEqual([pem, pem])
  expect(npm).toMatchObject({strictSsl: false, noProxy: 'a.example,b.example'})
  expect(npm.httpsProxy).toMatch('http://p.example:8080')
})

test('keys that npm does not know, and its own changes to the environment, reach nobody', async () => {
  await using box = sandbox(noGlobalFile)
  writeUsers(box, 'frobnicate=yes\nalways-auth=true\nregistry=https://r.example/\n')
  const heard: unknown[] = []
  const listen = (...all: unknown[]) => heard.push(all)
  const before = {...process.env}
  process.on('warning', listen)
  const npm = await readNpmConfig(box.context)
  process.off('warning', listen)
  expect(npm.registry('x')).toBe('https://r.example/')
  expect(heard).toEqual([])
  expect(box.logged).toEqual([])
  expect(process.env).toEqual(before)
})
