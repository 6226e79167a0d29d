import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot, sandbox} from '../support/sandbox.ts'

/** A clone of what is committed, and a person who has nothing else. */
function clone() {
  const box = sandbox()
  const folder = join(box.root, 'clone')
  const home = join(box.root, 'home')
  mkdirSync(home)
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', packageRoot, folder])
  // The Node of this run must not be the one of the checkout, whose tools would be on PATH with it.
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter(entry => !entry.includes('node_modules'))
    .join(':')
  const env = {PATH: path, HOME: home, NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS}
  const npm = (...args: string[]) =>
    spawnSync('npm', args, {cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
  return {npm, [Symbol.asyncDispose]: () => box[Symbol.asyncDispose]()}
}

test('npm start alone and first sets everything up, does the main job, and ends', async () => {
  await using fresh = clone()
  const ran = fresh.npm('start')
  expect(ran.stderr).toContain('installing dependencies (npm ci)')
  expect(ran.stdout).toMatch(/^fetched http:\/\/127\.0\.0\.1:\d+\/ once: 200 text\/html/m)
  expect(ran.stdout).toMatch(/^stopped everything/m)
  expect(ran.status).toBe(0)
  const again = fresh.npm('start')
  expect(again.stderr).not.toContain('installing dependencies')
  expect(again.status).toBe(0)
})

test('npm test alone and first sets everything up, and runs the tests', async () => {
  await using fresh = clone()
  const ran = fresh.npm('test', '--', 'test/base')
  expect(ran.stderr).toContain('installing dependencies (npm ci)')
  expect(ran.stdout).toMatch(/Tests.*\d+ passed/)
  expect(ran.status).toBe(0)
})
