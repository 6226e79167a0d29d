import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot, sandbox} from '../support/sandbox.ts'

function start(env: Record<string, string>) {
  return spawnSync(process.execPath, [join('scripts', 'run.js'), 'start'], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: {PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('npm start installs, builds, serves, fetches its page once, and stops', async () => {
  await using box = sandbox()
  const ran = start({HOME: box.root, ...configuration()})
  expect(ran).toMatchObject({status: 0})
  expect(ran.stdout).toMatch(/✔ typescript 5\.9\.\d+ +ok/)
  expect(ran.stdout).toMatch(/✔ esbuild 0\.28\.\d+ +ok/)
  expect(ran.stdout).toMatch(/^esbuild 0\.28\.\d+ http:\/\/127\.0\.0\.1:\d+\/$/m)
  expect(ran.stdout).toMatch(/^fetched http:\/\/127\.0\.0\.1:\d+\/ once: 200 text\/html/m)
})

test('where the compilers can’t be fetched, npm start goes on with the embedded one and says so', async () => {
  await using box = sandbox()
  const ran = start({HOME: box.root, npm_config_registry: 'http://127.0.0.1:9/'})
  expect(ran).toMatchObject({status: 0})
  expect(ran.stderr).toContain('error NETWORK_')
  expect(ran.stdout).toContain('goes on with the embedded one, sitec')
  expect(ran.stdout).toMatch(/^sitec \S+ http:\/\/127\.0\.0\.1:\d+\/$/m)
  expect(ran.stdout).toMatch(/^fetched .* once: 200 text\/html/m)
})

/** The registry that npm is set up with here, if by its environment. */
function configuration(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => /^npm_config_/i.test(entry[0]) && entry[1] !== undefined,
    ),
  )
}
