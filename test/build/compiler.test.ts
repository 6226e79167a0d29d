import {join} from 'node:path'
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
          message: 'silent ended (exit code 4) without reporting an error',
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
      {status: 'crashed', failure: {code: 'COMPILER_KILLED', message: 'victim ended (SIGKILL)'}},
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
