import {execFileSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {execRequest} from '../../src/cli/exec-words.ts'
import {type ExecPlan, execNeeds, needsMore, planExec} from '../../src/house/exec.ts'
import {readyForExec} from '../../src/house/ready.ts'
import {lock} from '../../src/install/lock.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {ores} from '../support/ores.ts'
import {machinePath, type Sandbox, sandbox, unreachable} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

async function plan(context: Context, words: string[], toolchain?: string): Promise<ExecPlan> {
  const definitions = await loadDefinitions(context)
  return planExec(context, definitions, execRequest(context, definitions, words, toolchain))
}

/** The version whose `bin` a program is in. */
const versionOf = ({file}: ExecPlan) => file.split('/').slice(-4, -2).join(' ')

function store(box: Sandbox): void {
  for (const version of ['5.8.3', '5.9.3']) putVersion(box, 'typescript', version, {executables: ['tsc']})
  for (const version of ['0.27.0', '0.28.2']) putVersion(box, 'esbuild', version)
}

describe('versions named on the command line', () => {
  test.each([
    [['typescript@5.8.3', '--', 'tsc', '-v'], undefined, 'typescript 5.8.3'],
    [['typescript@^5', '--', 'tsc'], undefined, 'typescript 5.9.3'],
    [['typescript@latest', '--', 'tsc'], undefined, 'typescript 5.9.3'],
    [['5.8.3', '--', 'tsc'], undefined, 'typescript 5.8.3'],
    [['~5.8', '--', 'tsc'], undefined, 'typescript 5.8.3'],
    [['>=5 <5.9', '--', 'tsc'], undefined, 'typescript 5.8.3'],
    [['0.27', '--', 'esbuild'], 'esbuild', 'esbuild 0.27.0'],
    [['latest', '--', 'esbuild'], 'esbuild', 'esbuild 0.28.2'],
    [['typescript@5.8.3', 'esbuild@0.27.0', '--', 'esbuild'], undefined, 'esbuild 0.27.0'],
    [['typescript@5.8.3', 'esbuild@0.27.0', '--', 'tsc'], undefined, 'typescript 5.8.3'],
    [['tsc'], 'typescript', 'typescript 5.9.3'],
    [['--', 'tsc'], 'typescript', 'typescript 5.9.3'],
  ])('%j with -t %s is %s', async (words, toolchain, expected) => {
    await using box = sandbox({PATH: '/usr/bin:/bin'})
    store(box)
    if (words.includes('tsc') && toolchain) box.write('.toolversion', 'typescript 5\n')
    expect(versionOf(await plan(box.context, words, toolchain))).toBe(expected)
  })

  test('are on PATH, in their order, for any command', async () => {
    await using box = sandbox({PATH: '/usr/bin:/bin'})
    store(box)
    const {file, env} = await plan(box.context, ['typescript@5.8.3', 'esbuild@0.27.0', '--', 'sh', '-c', 'x'])
    expect(file).toMatch(/\/sh$/)
    const bins = [box.context.layout.bin('typescript', '5.8.3'), box.context.layout.bin('esbuild', '0.27.0')]
    expect(env.PATH).toBe([...bins, '/usr/bin:/bin'].join(':'))
  })

  test('a program that is called as a tag is a program', async () => {
    await using box = sandbox()
    const file = writeProgram(join(box.root, 'usr/bin/next'))
    const context = box.at({env: {PATH: join(box.root, 'usr/bin')}})
    expect(await plan(context, ['next', '--', 'build'])).toMatchObject({file, args: ['--', 'build']})
  })
})

describe('the environment', () => {
  test('has the folder of the version first on PATH, and is else as it was', async () => {
    await using box = sandbox({PATH: '/usr/bin:/bin', TOOL_VERSION: '5.9.3', A: 'b'})
    store(box)
    const {env} = await plan(box.context, ['tsc'])
    const {PATH, ...rest} = env
    const {PATH: before, ...others} = box.context.env
    expect(rest).toEqual(others)
    expect(PATH).toBe(`${box.context.layout.bin('typescript', '5.9.3')}:${before}`)
  })

  test('of the system’s is not touched at all', async () => {
    await using box = sandbox()
    for (const env of [{PATH: '/usr/bin:/bin'}, {PATH: ''}]) {
      const context = box.at({env})
      expect((await plan(context, ['/bin/sh'])).env).toEqual(context.env)
    }
  })

  test('without a PATH has the folder alone', async () => {
    await using box = sandbox({PATH: '', TOOL_VERSION: '5.9.3'})
    store(box)
    expect((await plan(box.context, ['tsc'])).env.PATH).toBe(box.context.layout.bin('typescript', '5.9.3'))
  })

  test('has the folder of the project’s own package', async () => {
    await using box = sandbox({PATH: '/usr/bin:/bin'})
    box.write('.toolversion', 'typescript ^5.9\n')
    box.write('node_modules/typescript/package.json', '{"version": "5.9.3"}')
    writeProgram(join(box.project, 'node_modules/typescript/bin/tsc'), '#!/bin/sh\necho own\n')
    const {file, args, env} = await plan(box.context, ['sh', '-c', 'tsc'])
    expect(execFileSync(file, args, {env, encoding: 'utf8'})).toBe('own\n')
  })
})

describe('what is missing', () => {
  test('of a toolchain’s own command, or named for it, must be there', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const request = execRequest(m.box.context, m.definitions, ['ore'], undefined)
    expect(needsMore(execNeeds(m.box.context, m.definitions, request))).toBe(true)
    await expect(readyForExec(m.box.context, m.definitions, request, {install: false})).rejects.toMatchObject(
      {
        code: 'VERSION_NOT_INSTALLED',
        message: 'ore ^1 is not installed (set by .toolversion:1)',
      },
    )
    const resolved = await readyForExec(m.box.context, m.definitions, request, m.network)
    const {file, args, env} = planExec(m.box.context, m.definitions, request, resolved)
    expect(execFileSync(file, args, {env, encoding: 'utf8'})).toBe('ore 1.0.0 \n')
    expect(needsMore(execNeeds(m.box.context, m.definitions, request))).toBe(false)
  })

  test('of what the project pins is installed for any command, globally pinned is not', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.publishGem('2.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    writeFileSync(m.box.context.layout.globalPins, 'gem ^2\n')
    const request = execRequest(m.box.context, m.definitions, ['sh', '-c', 'ore; command -v gem'], undefined)
    const resolved = await readyForExec(m.box.context, m.definitions, request, m.network)
    expect(resolved).toMatchObject([{toolchain: 'ore', via: 'store'}])
  })

  test('of any other command is passed over, with a warning, where it is not to be installed', async () => {
    await using m = await ores()
    m.publish('1.0.0')
    m.box.write('.toolversion', 'ore ^1\n')
    const request = execRequest(m.box.context, m.definitions, ['sh', '-c', 'true'], undefined)
    const ready = (context: Context, install = true) =>
      readyForExec(context, m.definitions, request, {install})
    expect(await ready(m.box.context, false)).toEqual([])
    expect(await ready(m.box.at({env: {TOOL_OFFLINE: '1'}}))).toEqual([])
    expect(
      m.box.logged.filter(line => line === 'warning: ore ^1 is not installed (set by .toolversion:1)'),
    ).toHaveLength(2)
    // Frozen, a command is to have what is locked or not to run.
    await expect(ready(m.box.at({env: {TOOL_FROZEN: '1'}}))).rejects.toMatchObject({code: 'LOCK_OUTDATED'})
    expect(m.registry.requests).toEqual([])
  })
})

describe('the Node that scripts run on', () => {
  /** A registry that has TypeScript, and Node for this machine: a program that says which one it is. */
  async function withNode() {
    const m = await ores({}, unreachable)
    const definition = m.definitions.get('node', {kind: 'default'})
    const {target = ''} = definition.platforms?.[`${process.platform}-${process.arch}`] ?? {}
    for (const version of ['20.1.0', '22.1.0'])
      m.registry.publish(`node-${target}`, version, {'bin/node': `#!/bin/sh\necho "node ${version}"\n`})
    const script = '#!/usr/bin/env node\n'
    m.registry.publish('typescript', '5.9.3', {'bin/tsc': script, 'bin/tsserver': script})
    const run = async (words: string[], context = m.box.context, install = true) => {
      const request = execRequest(context, m.definitions, words, undefined)
      const resolved = await readyForExec(context, m.definitions, request, {...m.network, install})
      const {file, args} = planExec(context, m.definitions, request, resolved)
      return args.length > 0 ? execFileSync(file, ['--version'], {encoding: 'utf8'}).trim() : 'no script'
    }
    const machines = execFileSync('node', ['--version'], {env: {PATH: machinePath}, encoding: 'utf8'}).trim()
    return {...m, run, machines}
  }

  test('is installed too, where the project pins one', async () => {
    await using m = await withNode()
    m.box.write('.toolversion', 'typescript 5.9.3\nnode 22\n')
    expect(await m.run(['tsc'])).toBe('node 22.1.0')
    const request = execRequest(m.box.context, m.definitions, ['tsc'], undefined)
    expect(needsMore(execNeeds(m.box.context, m.definitions, request))).toBe(false)
  })

  test('is the machine’s, where it is not to be installed, and frozen it is an error', async () => {
    await using m = await withNode()
    m.box.write('.toolversion', 'typescript 5.9.3\n')
    await m.run(['tsc'])
    m.box.write('.toolversion', 'typescript 5.9.3\nnode 22\n')
    expect(await m.run(['tsc'], m.box.context, false)).toBe(m.machines)
    expect(await m.run(['tsc'], m.box.at({env: {TOOL_OFFLINE: '1'}}))).toBe(m.machines)
    await lock(m.box.context, m.definitions, {root: m.box.project}, m.network)
    await expect(m.run(['tsc'], m.box.at({env: {TOOL_FROZEN: '1'}}))).rejects.toMatchObject({
      code: 'VERSION_NOT_INSTALLED',
      message: expect.stringMatching(
        /^node 22\.1\.0, which \.toolversion\.lock:\d names for node 22, is not installed/,
      ),
    })
  })

  test('is the one that is named beside it', async () => {
    await using m = await withNode()
    m.box.write('.toolversion', 'node 22\n')
    expect(await m.run(['node@20.1.0', 'typescript@5.9.3', '--', 'tsc'])).toBe('node 20.1.0')
    expect(await m.run(['typescript@5.9.3', '--', 'tsc'])).toBe('node 22.1.0')
  })

  test('that is pinned globally is not waited for', async () => {
    await using m = await withNode()
    m.box.write('.toolversion', 'typescript 5.9.3\n')
    writeFileSync(m.box.context.layout.globalPins, 'node 22\n')
    expect(await m.run(['tsc'])).toBe(m.machines)
  })
})

test('of two toolchains that are named, the command is of the one that has it', async () => {
  await using box = sandbox({PATH: ''})
  mkdirSync(box.context.layout.definitions, {recursive: true})
  for (const name of ['a', 'b']) {
    const definition = {
      name,
      title: name,
      homepage: 'https://cc.example/',
      sources: [{kind: 'npm', package: name}],
      executables: {cc: {path: 'cc'}},
    }
    writeFileSync(join(box.context.layout.definitions, `${name}.json`), JSON.stringify(definition))
  }
  putVersion(box, 'a', '1.0.0', {executables: ['other']})
  putVersion(box, 'b', '1.0.0', {executables: ['cc']})
  expect(versionOf(await plan(box.context, ['a@1', 'b@1', '--', 'cc']))).toBe('b 1.0.0')
})

test.each([
  [
    ['node@22', 'node', '-v'],
    'a version stands before the command, with -- between them: tool exec node@22 -- node',
  ],
  [['typescript@5.8'], 'tool exec typescript@5.8 -- tsc'],
  [['typescript'], 'typescript is a toolchain, with the commands tsc, tsserver'],
  [['tcs'], 'did you mean tsc?'],
])('what can’t be a command is explained: %j', async (words, hint) => {
  await using box = sandbox({PATH: ''})
  await expect(plan(box.context, words)).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
    exitCode: 127,
    hint: expect.stringContaining(hint),
  })
})
