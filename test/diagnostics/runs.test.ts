import {describe, expect, test} from 'vitest'
import {
  processRuns,
  type RunBorders,
  type RunsOptions,
  runsMemory,
  watchedRuns,
} from '../../src/diagnostics/runs.ts'
import type {Interpreter} from '../../src/model/interpreter.ts'
import type {WorkerMessage} from '../../src/model/protocol.ts'
import {diagnosticsOf, recorded} from '../support/output.ts'

const pattern = '^(?<file>\\w+\\.x):(?<line>\\d+): (?<severity>\\w+): (?<message>.*)$'
const options = (): RunsOptions => ({
  root: '/app',
  toolchain: 'x',
  title: 'x 1.2.3',
  diagnostics: {pattern},
  memory: runsMemory(),
})

const watching = (borders: RunBorders) => watchedRuns(options(), borders)

function read(interpreter: Interpreter, ...lines: string[]): WorkerMessage[] {
  return lines.flatMap(line => interpreter.line('stdout', line))
}

const words = {1: 'ok', 2: 'error', 3: 'cancelled'}

/** `start 1`, `finish 1 ok`, `a.x: first`, `a.x` where it is cleared. */
function told(messages: readonly WorkerMessage[]): string[] {
  return messages.map(message => {
    if (message.method === 'task/start') return `start ${message.params.taskId}`
    if (message.method === 'task/finish')
      return `finish ${message.params.taskId} ${words[message.params.status]}`
    if (message.method !== 'diagnostics/publish') return message.method
    const {uri, diagnostics, reset} = message.params
    const texts = diagnostics.map(diagnostic => `: ${diagnostic.message}`).join('')
    return `${reset ? '' : '+'}${uri.replace('file:///app/', '')}${texts}`
  })
}

describe('a watching compiler', () => {
  test('the first run begins with the process, later ones with the line that says so', () => {
    const compiler = watching({begins: '^begin', ends: '^end'})
    expect(compiler.begin?.().map(({params}) => params)).toEqual([{taskId: 'run-1', title: 'x 1.2.3'}])
    expect(told(read(compiler, 'begin', 'a.x:1: error: first', 'a.x:2: error: second'))).toEqual([
      'a.x: first',
      '+a.x: second',
    ])
    expect(told(read(compiler, 'end'))).toEqual(['finish run-1 error'])
    expect(told(read(compiler, 'a remark', 'begin'))).toEqual(['start run-2'])
    expect(told(read(compiler, 'end'))).toEqual(['a.x', 'finish run-2 ok'])
  })

  test('what a run says of a file replaces what the one before said, and what it leaves out is cleared at its end', () => {
    const compiler = watching({begins: '^begin', ends: '^end'})
    compiler.begin?.()
    read(compiler, 'a.x:1: error: first', 'b.x:1: warning: second', 'end')
    expect(told(read(compiler, 'begin', 'b.x:1: error: third', 'end'))).toEqual([
      'start run-2',
      'b.x: third',
      'a.x',
      'finish run-2 error',
    ])
  })

  test('without a line that begins runs, any line after an end does', () => {
    const compiler = watching({ends: '^end'})
    compiler.begin?.()
    expect(told(read(compiler, 'end', 'compiling', 'a.x:1: warning: late', 'end', 'end'))).toEqual([
      'finish run-1 ok',
      'start run-2',
      'a.x: late',
      'finish run-2 ok',
      'start run-3',
      'a.x',
      'finish run-3 ok',
    ])
  })

  test('a diagnostic outside of a run begins one', () => {
    const compiler = watching({begins: '^begin', ends: '^end'})
    compiler.begin?.()
    expect(told(read(compiler, 'end', 'a.x:1: error: odd'))).toEqual([
      'finish run-1 ok',
      'start run-2',
      'a.x: odd',
    ])
  })

  test('a run that another one breaks off is cancelled, and clears nothing', () => {
    const compiler = watching({begins: '^begin', ends: '^end'})
    compiler.begin?.()
    read(compiler, 'begin', 'a.x:1: error: first', 'end', 'begin', 'b.x:1: error: second')
    expect(told(read(compiler, 'begin'))).toEqual(['finish run-2 cancelled', 'start run-3'])
    expect(told(read(compiler, 'a.x:1: error: third', 'end'))).toEqual([
      'a.x: third',
      'b.x',
      'finish run-3 error',
    ])
  })

  test('borders are seen through colours, and not looked for beyond 10,000 characters', () => {
    const compiler = watching({begins: '^begin', ends: 'end$'})
    compiler.begin?.()
    expect(read(compiler, `${'x'.repeat(10_000)}end`)).toEqual([])
    expect(told(read(compiler, '\u001B[90mthe \u001B[1mend\u001B[0m'))).toEqual(['finish run-1 ok'])
  })

  test('a process that ends leaves its run open, for who knows why it ended', () => {
    const compiler = watching({ends: '^end'})
    compiler.begin?.()
    expect(compiler.end({code: 1, signal: null})).toEqual([])
  })

  test('what a format itself knows of runs does not count beside its borders', () => {
    const {memory, ...rest} = options()
    const borders = {
      begins: 'Starting (?:incremental )?compilation',
      ends: 'Found \\d+ errors?\\. Watching for file changes',
    }
    const compiler = watchedRuns({...rest, memory, diagnostics: {format: 'typescript'}}, borders)
    compiler.begin?.()
    const once = recorded('typescript-7.0.2-pretty.txt', '/app').split('\n')
    const end = '[\u001B[90m1:00:00 AM\u001B[0m] Found 3 errors. Watching for file changes.'
    const start = '[\u001B[90m1:00:00 AM\u001B[0m] File change detected. Starting incremental compilation...'
    const first = read(compiler, '[1:00:00 AM] Starting compilation in watch mode...', ...once, end)
    const second = read(compiler, start, ...once, end)
    expect(diagnosticsOf(first).length).toBeGreaterThan(3)
    expect(diagnosticsOf([...first, ...second])).toEqual(diagnosticsOf(first))
    expect(told(second).filter(text => text.includes('run-'))).toEqual(['start run-2', 'finish run-2 error'])
    // Nothing is cleared on the way.
    expect(told(second).filter(text => !text.includes(': '))).toEqual(['start run-2', 'finish run-2 error'])
    expect(diagnosticsOf([...first, ...second, ...read(compiler, start, end)])).toEqual([])
  })
})

describe('a compiler that is run anew', () => {
  const once = (from: ReturnType<typeof options>, lines: string[], code: number | null) => {
    const compiler = processRuns(from)
    return told([
      ...(compiler.begin?.() ?? []),
      ...read(compiler, ...lines),
      ...compiler.end({code, signal: null}),
    ])
  }

  test('each process is a run that replaces what the one before said', () => {
    const shared = options()
    expect(once(shared, ['a.x:1: error: first'], 1)).toEqual([
      'start run-1',
      'a.x: first',
      'finish run-1 error',
    ])
    expect(once(shared, ['b.x:1: warning: second'], 0)).toEqual([
      'start run-2',
      'b.x: second',
      'a.x',
      'finish run-2 ok',
    ])
    expect(once(shared, [], 3)).toEqual(['start run-3', 'b.x', 'finish run-3 error'])
  })

  test('one that was killed leaves the run to who did it, and clears nothing', () => {
    const shared = options()
    once(shared, ['a.x:1: error: first'], 1)
    expect(once(shared, [], null)).toEqual(['start run-2'])
    expect(once(shared, [], 0)).toEqual(['start run-3', 'a.x', 'finish run-3 ok'])
  })

  test('one whose output nobody reads tells by its exit code how it went', () => {
    const mute = {...options(), diagnostics: undefined}
    expect(once(mute, ['a.x:1: error: first'], 0)).toEqual(['start run-1', 'finish run-1 ok'])
    expect(once(mute, [], 1)).toEqual(['start run-2', 'finish run-2 error'])
  })
})
