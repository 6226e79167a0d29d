import {existsSync} from 'node:fs'
import {delimiter, dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {describe, expect, test} from 'vitest'
import {build} from '../../src/build/build.ts'
import {exitCodeOf} from '../../src/build/exit-code.ts'
import type {Event} from '../../src/model/event.ts'
import type {LogLine} from '../../src/supervisor/types.ts'
import {fixtureProgram} from '../support/compilers.ts'
import {sandbox} from '../support/sandbox.ts'
import {scripted, speaking, target} from '../support/targets.ts'

const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}

describe('a stream compiler', () => {
  test('without a complaint is ok', async () => {
    await using box = sandbox()
    const events: Event[] = []
    const lines: LogLine[] = []
    const result = await build(
      box.context,
      {root: box.project, targets: [scripted('fine', ['out=hello', 'err=there'])]},
      {onEvent: event => events.push(event), onLine: line => lines.push(line)},
    )
    expect(result).toEqual({
      toolchains: [
        {
          name: 'fine',
          version: '1.2.3',
          origin: {kind: 'default'},
          status: 'ok',
          durationMs: expect.any(Number),
        },
      ],
      diagnostics: [],
      summary: {
        errors: 0,
        warnings: 0,
        information: 0,
        hints: 0,
        files: 0,
        durationMs: expect.any(Number),
      },
    })
    expect(exitCodeOf(result)).toBe(0)
    expect(lines.map(({stream, text}) => `${stream} ${text}`).toSorted()).toEqual([
      'stderr there',
      'stdout hello',
    ])
    const states = events.flatMap(event => (event.type === 'worker/state' ? [event.state.kind] : []))
    expect(states.at(-1)).toBe('stopped')
  })

  test('that reports errors and fails has errors', async () => {
    await using box = sandbox()
    const errors = scripted('picky', ['out=a.x:1:2: warning: odd', 'out=a.x:3:4: error: wrong', 'exit=2'])
    const result = await build(box.context, {root: box.project, targets: [errors]})
    expect(result.toolchains).toMatchObject([{status: 'errors'}])
    expect(result.diagnostics).toEqual([
      expect.objectContaining({severity: 2, message: 'odd'}),
      {
        uri: pathToFileURL(join(box.project, 'a.x')).href,
        toolchain: 'picky',
        source: 'picky',
        severity: 1,
        message: 'wrong',
        range: {start: {line: 2, character: 3}, end: {line: 2, character: 3}},
      },
    ])
    expect(result.summary).toMatchObject({errors: 1, warnings: 1, files: 1})
    expect(exitCodeOf(result)).toBe(1)
  })

  test('that reports errors and exits with 0 has errors all the same', async () => {
    await using box = sandbox()
    const result = await build(box.context, {
      root: box.project,
      targets: [scripted('lenient', ['out=a.x:3:4: error: wrong'])],
    })
    expect(result.toolchains).toMatchObject([{status: 'errors'}])
  })

  test('that fails and doesn’t say why crashed, with its last words', async () => {
    await using box = sandbox()
    const silent = scripted('silent', [
      'out=\u001b[31mout of cheese\u001b[0m',
      'out=a.x:1:1: warning: odd',
      'exit=4',
    ])
    const result = await build(box.context, {root: box.project, targets: [silent]})
    expect(result.toolchains).toMatchObject([
      {
        status: 'crashed',
        failure: {
          code: 'COMPILER_FAILED',
          message: 'silent ended with exit code 4 without reporting an error',
          output: ['out of cheese', 'a.x:1:1: warning: odd'],
        },
      },
    ])
    expect(exitCodeOf(result)).toBe(8)
  })

  test('that is killed crashed, whatever it reported', async () => {
    await using box = sandbox()
    const killed = scripted('victim', ['out=a.x:3:4: error: wrong', 'kill=SIGKILL'])
    const result = await build(box.context, {root: box.project, targets: [killed]})
    expect(result.toolchains).toMatchObject([
      {status: 'crashed', failure: {code: 'COMPILER_KILLED', message: 'victim was killed by SIGKILL'}},
    ])
    expect(result.summary.errors).toBe(1)
    expect(exitCodeOf(result)).toBe(8)
  })

  test('that can’t be started crashed', async () => {
    await using box = sandbox()
    const missing = target(
      {name: 'ghost', build: {driver: 'stream', command: ['ghost']}},
      {file: join(box.root, 'nowhere'), args: [], binDirectories: []},
    )
    const result = await build(box.context, {root: box.project, targets: [missing]})
    expect(result.toolchains).toMatchObject([
      {
        status: 'crashed',
        failure: {code: 'WORKER_CANNOT_START', message: expect.stringContaining('nowhere')},
      },
    ])
  })
})

describe('a compiler of the protocol', () => {
  test.each([
    [['log=hello', 'warning=odd'], 'ok', 0],
    [['error=wrong', 'warning=odd'], 'errors', 1],
  ] as const)('%j: %s', async (args, status, code) => {
    await using box = sandbox()
    const result = await build(box.context, {root: box.project, targets: [speaking('site', [...args])]})
    expect(result.toolchains).toMatchObject([{name: 'site', status}])
    expect(result.diagnostics.at(-1)).toMatchObject({
      uri: pathToFileURL(join(box.project, 'input.txt')).href,
      toolchain: 'site',
      range,
      message: 'odd',
    })
    expect(exitCodeOf(result)).toBe(code)
  })

  test('that throws crashed with its own words', async () => {
    await using box = sandbox()
    const result = await build(box.context, {
      root: box.project,
      targets: [speaking('site', ['throw=out of ink'])],
    })
    expect(result.toolchains).toMatchObject([
      {status: 'crashed', failure: {message: expect.stringContaining('out of ink')}},
    ])
  })

  test('that is killed while it compiles crashed', async () => {
    await using box = sandbox()
    const result = await build(box.context, {root: box.project, targets: [speaking('site', ['crash'])]})
    expect(result.toolchains).toMatchObject([
      {status: 'crashed', failure: {message: expect.stringContaining('SIGKILL')}},
    ])
  })

  test('that never says a word crashed', async () => {
    await using box = sandbox()
    const mute = target(
      {name: 'mute', build: {driver: 'protocol', command: ['mute', 'exit=0']}},
      fixtureProgram('driver-script.ts'),
    )
    const result = await build(box.context, {root: box.project, targets: [mute]})
    expect(result.toolchains).toMatchObject([{status: 'crashed', failure: {code: 'WORKER_EXITED'}}])
  })
})

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
