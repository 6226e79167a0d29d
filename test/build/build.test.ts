import {existsSync} from 'node:fs'
import {delimiter, dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {build} from '../../src/build/build.ts'
import {exitCodeOf} from '../../src/build/exit-code.ts'
import {fixtureProgram} from '../support/compilers.ts'
import {sandbox} from '../support/sandbox.ts'
import {scripted, speaking, target} from '../support/targets.ts'

describe('several', () => {
  test('run side by side: each waits for the file that the other writes', async () => {
    await using box = sandbox()
    const targets = [scripted('a', ['touch=a', 'await=b']), scripted('b', ['touch=b', 'await=a'])]
    const result = await build(box.context, {root: box.project, targets})
    expect(result.toolchains.map(({name, status}) => `${name} ${status}`)).toEqual(['a ok', 'b ok'])
  })

  test('keep apart what they say of the same file', async () => {
    await using box = sandbox()
    const targets = ['a', 'b', 'c'].map(name => speaking(name, [`warning=${name}`]))
    const result = await build(box.context, {root: box.project, targets})
    expect(result.diagnostics.map(({toolchain, message}) => `${toolchain} ${message}`)).toEqual([
      'a a',
      'b b',
      'c c',
    ])
  })

  test('wait for each other as tool.json says, and keep their order in the result', async () => {
    await using box = sandbox()
    const targets = [
      scripted('last', ['needs=second'], {after: ['second']}),
      scripted('second', ['needs=first', 'touch=second'], {after: ['first', 'unknown']}),
      scripted('first', ['touch=first']),
    ]
    const result = await build(box.context, {root: box.project, targets})
    expect(result.toolchains.map(({name, status}) => `${name} ${status}`)).toEqual([
      'last ok',
      'second ok',
      'first ok',
    ])
  })

  test('what waits for a failure is skipped', async () => {
    await using box = sandbox()
    const targets = [
      scripted('first', ['out=a.x:1:1: error: wrong']),
      scripted('second', ['touch=second'], {after: ['first']}),
      scripted('third', [], {after: ['second']}),
      scripted('other', []),
    ]
    const result = await build(box.context, {root: box.project, targets})
    expect(result.toolchains.map(({status}) => status)).toEqual(['errors', 'skipped', 'skipped', 'ok'])
    expect(existsSync(join(box.project, 'second'))).toBe(false)
    expect(exitCodeOf(result)).toBe(1)
  })

  test('a crash counts before errors', async () => {
    await using box = sandbox()
    const targets = [scripted('a', ['out=a.x:1:1: error: wrong']), scripted('b', ['exit=3'])]
    expect(exitCodeOf(await build(box.context, {root: box.project, targets}))).toBe(8)
  })

  test('that wait in a circle never begin', async () => {
    await using box = sandbox()
    const targets = [
      scripted('free', ['touch=began']),
      scripted('a', [], {after: ['b']}),
      scripted('b', [], {after: ['c']}),
      scripted('c', [], {after: ['b']}),
    ]
    await expect(build(box.context, {root: box.project, targets})).rejects.toMatchObject({
      code: 'PROJECT_CONFIG_CYCLE',
      exitCode: 3,
      message: `the toolchains wait for each other: b after c after b (set by ${join(box.project, 'tool.json')})`,
    })
    expect(existsSync(join(box.project, 'began'))).toBe(false)
  })
})

test('nothing to build is an error', async () => {
  await using box = sandbox()
  const node = target({name: 'node'}, fixtureProgram('driver-script.ts'))
  await expect(build(box.context, {root: box.project, targets: [node]})).rejects.toMatchObject({
    code: 'NOTHING_TO_BUILD',
    message: `there is nothing to build with node in ${box.project}`,
    hint: 'pin a compiler: write "typescript latest" into .toolversion',
    exitCode: 3,
  })
})

test('compilers run in the project root, with the person’s arguments last and their bin first on PATH', async () => {
  await using box = sandbox()
  const lines: string[] = []
  const targets = [scripted('curious', ['env=PATH', 'args', 'one'])]
  await build(
    box.context,
    {root: box.project, targets, args: ['two']},
    {onLine: line => lines.push(line.text)},
  )
  expect(lines[0]?.startsWith(`PATH=${dirname(process.execPath)}${delimiter}`)).toBe(true)
  expect(lines[1]).toBe('["one","two"]')
})

describe('giving up', () => {
  test('stops every compiler in any driver', async () => {
    await using box = sandbox()
    const giveUp = new AbortController()
    const targets = [
      scripted('stuck', ['out=stuck', 'hang']),
      speaking('waiting', ['log=waiting', 'hang']),
      scripted('later', ['touch=later'], {after: ['stuck']}),
      scripted('done', []),
    ]
    const seen = new Set<string>()
    const see = (what: string) => {
      seen.add(what)
      if (['stuck', 'waiting', 'done stopped'].every(needed => seen.has(needed))) giveUp.abort()
    }
    const pids: number[] = []
    const result = await build(
      box.at({signal: giveUp.signal}),
      {root: box.project, targets},
      {
        onLine: ({text}) => see(text),
        onEvent(event) {
          if (event.type !== 'worker/state') return
          if (event.state.kind === 'ready') pids.push(event.state.pid)
          see(`${event.label} ${event.state.kind}`)
        },
      },
    )
    expect(pids).toHaveLength(3)
    expect(result.toolchains.map(({name, status}) => `${name} ${status}`)).toEqual([
      'stuck cancelled',
      'waiting cancelled',
      'later cancelled',
      'done ok',
    ])
    expect(exitCodeOf(result)).toBe(130)
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('before it began starts nothing', async () => {
    await using box = sandbox()
    const targets = [scripted('a', ['touch=began'])]
    const result = await build(box.at({signal: AbortSignal.abort()}), {root: box.project, targets})
    expect(result.toolchains).toMatchObject([{status: 'cancelled'}])
    expect(existsSync(join(box.project, 'began'))).toBe(false)
  })
})
