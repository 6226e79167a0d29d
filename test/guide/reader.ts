import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {quoteWord} from '../../src/base/quote-word.ts'
import {startRegistry} from '../support/registry.ts'
import {packageRoot, type Sandbox, sandbox, unreachable} from '../support/sandbox.ts'
import {writeProgram} from '../support/store.ts'
import type {Ran} from '../support/tool.ts'

const {platform, arch} = process

export interface Reader extends AsyncDisposable {
  box: Sandbox
  env: Record<string, string>
  /** Runs a script in the project's folder, as a person who has `tool` on PATH. */
  run(shell: 'sh' | 'bash', script: string): Promise<Ran>
}

/** The machine of somebody who reads the guide: `tool` on PATH, a registry with the versions that the pages name. */
export async function reader(): Promise<Reader> {
  const box = sandbox()
  const registry = await startRegistry()
  for (const version of ['5.7.3', '5.8.2', '5.8.3', '5.9.2', '5.9.3'])
    registry.publish('typescript', version, tsc(version))
  for (const version of ['0.27.2', '0.28.1', '0.28.2']) {
    registry.publish('esbuild', version, {'package.json': '{}'})
    registry.publish(`@esbuild/${platform}-${arch}`, version, {'bin/esbuild': says(version)})
  }
  // What a pinned node is for here is to run tsc, so it is the one of the tests.
  const node = `#!/bin/sh\nexec ${quoteWord(process.execPath)} "$@"\n`
  for (const version of ['20.20.2', '22.23.2', '22.23.3', '24.12.0'])
    registry.publish(`node-${platform}-${arch}`, version, {'bin/node': node})
  registry.tag(`node-${platform}-${arch}`, 'lts', '24.12.0')
  const bin = join(box.root, 'bin')
  mkdirSync(bin)
  const words = [process.execPath, join(packageRoot, 'bin', 'tool.cjs')]
    .map(word => quoteWord(word))
    .join(' ')
  writeProgram(join(bin, 'tool'), `#!/bin/sh\nexec ${words} "$@"\n`)
  const env = {
    HOME: box.root,
    PATH: `${bin}:${process.env.PATH}`,
    PWD: box.project,
    ...registry.env,
    ...unreachable,
  }
  return {
    box,
    env,
    run: (shell, script) => runShell(shell, script, box.project, env),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

/** Without an input: bash takes a socket there for a remote login, and reads the start files of the machine. */
async function runShell(
  shell: string,
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Ran> {
  const child = spawn(shell, ['-euc', script], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return {code, signal, stdout, stderr}
}

function tsc(version: string): Record<string, string> {
  const program = `#!/usr/bin/env node\nif (process.argv.includes('-v')) console.log('Version ${version}')\n`
  return {'bin/tsc': program, 'bin/tsserver': program, 'lib/tsserver.js': ''}
}

function says(text: string): string {
  return `#!/bin/sh\necho ${text}\n`
}
