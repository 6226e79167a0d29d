import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {readNpmConfig} from '../../src/fetch/npm-config.ts'
import {sandbox} from '../support/sandbox.ts'

/** The machine's own global file is no matter of these tests. */
const noGlobalFile = {npm_config_globalconfig: '/none/npmrc'}

test('without any configuration: the public registry, nothing else', async () => {
  await using box = sandbox(noGlobalFile)
  const npm = await readNpmConfig(box.context)
  expect(npm.registry('typescript')).toBe('https://registry.npmjs.org/')
  expect(npm.registry('@esbuild/linux-x64')).toBe('https://registry.npmjs.org/')
  expect(npm.authorization(new URL('https://registry.npmjs.org/typescript'))).toBeUndefined()
  expect(npm).toMatchObject({strictSsl: true, offline: false, replaceRegistryHost: 'npmjs', ca: undefined})
})

test("scopes, the project's file over the user's, the environment over both", async () => {
  await using box = sandbox(noGlobalFile)
  box.write('package.json', '{}')
  writeFileSync(
    join(box.root, '.npmrc'),
    'registry=https://user.example/\n@a:registry=https://user-a.example/npm\n',
  )
  box.write('.npmrc', `registry=https://project.example/\n@b:registry=https://project-b.example/\n`)
  const npm = await readNpmConfig(box.context)
  expect(npm.registry('x')).toBe('https://project.example/')
  expect(npm.registry('@a/x')).toBe('https://user-a.example/npm/')
  expect(npm.registry('@b/x')).toBe('https://project-b.example/')
  const varied = await readNpmConfig(box.at({env: {NPM_CONFIG_REGISTRY: 'https://variable.example'}}))
  expect(varied.registry('x')).toBe('https://variable.example/')
})

test('credentials of every kind, by host and the longest path', async () => {
  await using box = sandbox(noGlobalFile)
  box.write(
    '.npmrc',
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

test('proxies, certificates and the like', async () => {
  await using box = sandbox(noGlobalFile)
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  const cafile = box.write('ca.pem', `${pem}\n${pem}\n`)
  box.write(
    '.npmrc',
    `cafile=${cafile}\nstrict-ssl=false\nhttps-proxy=http://p.example:8080\nnoproxy=a.example,b.example\n`,
  )
  const npm = await readNpmConfig(box.context)
  expect(npm.ca).toEqual([pem, pem])
  expect(npm).toMatchObject({strictSsl: false, noProxy: 'a.example,b.example'})
  expect(npm.httpsProxy).toMatch('http://p.example:8080')
})

test('keys that npm does not know, and its own changes to the environment, reach nobody', async () => {
  await using box = sandbox(noGlobalFile)
  box.write('.npmrc', 'frobnicate=yes\nalways-auth=true\nregistry=https://r.example/\n')
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
