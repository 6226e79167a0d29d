import {expect, test} from 'vitest'
import type {LspDiagnostic} from '../../src/model/diagnostic.ts'
import {maxFrameBytes, type PublishDiagnosticsParams} from '../../src/model/protocol.ts'
import {fitted, maxDiagnosticBytes} from '../../src/supervisor/fitted.ts'
import {Listing, Room} from '../../src/supervisor/listing.ts'

const rootUri = 'file:///app'
const range = {start: {line: 0, character: 0}, end: {line: 0, character: 1}}
const problem = (message: string, severity: 1 | 2 = 2): LspDiagnostic => ({range, severity, message})
const many = (count: number, severity?: 1 | 2) =>
  Array.from({length: count}, (_, i) => problem(`p${i}`, severity))

/** A listing, and what those who hear what it tells have in the end. */
function listing(room = new Room(), workerId = 'w') {
  const files = new Map<string, LspDiagnostic[]>()
  const own = new Listing({workerId, label: 'tool'}, rootUri, room)
  let told = 0
  const say = (uri: string, diagnostics: LspDiagnostic[], reset = true) => {
    for (const one of own.take({uri, diagnostics, reset})) {
      told += 1
      files.set(one.uri, [...(one.reset ? [] : (files.get(one.uri) ?? [])), ...one.diagnostics])
    }
  }
  const counts = () => Object.fromEntries([...files].map(([uri, all]) => [uri, all.length]))
  const root = () => files.get(rootUri)?.map(({severity, message}) => [severity, message])
  return {own, files, say, counts, root, told: () => told}
}

const note = (severity: 1 | 2) => [
  severity,
  `there are more ${severity === 1 ? 'errors' : 'diagnostics'} than the 10000 diagnostics that are listed`,
]

test('beyond ten thousand only their existence is told, and whether there were errors', () => {
  const {say, counts, root, told} = listing()
  say('file:///a', many(10_002))
  expect(counts()).toEqual({'file:///a': 10_000, [rootUri]: 1})
  expect(root()).toEqual([note(2)])
  say('file:///b', [problem('wrong', 1)])
  expect(root()).toEqual([note(1)])
  const before = told()
  for (let i = 0; i < 100; i++) say(`file:///c${i}`, many(3, 1), i % 2 === 0)
  expect(told()).toBe(before)
})

test('the note stands as long as it is true, beside what is said of the root', () => {
  const {say, counts, root} = listing()
  say(rootUri, [problem('of the root')])
  say('file:///a', many(9_990))
  say('file:///b', many(20))
  say('file:///c', many(1))
  expect(counts()).toEqual({[rootUri]: 2, 'file:///a': 9_990, 'file:///b': 9})
  say(rootUri, [])
  expect(root()).toEqual([note(2)])
  say('file:///a', many(100))
  say('file:///b', many(20))
  expect(root()).toEqual([note(2)])
  say('file:///c', [])
  expect(root()).toEqual([])
  say(rootUri, [problem('of the root')])
  expect(counts()).toEqual({[rootUri]: 1, 'file:///a': 100, 'file:///b': 20, 'file:///c': 0})
})

test('what cannot be listed still replaces what was', () => {
  const {say, counts} = listing()
  say('file:///a', many(10_000))
  say('file:///b', many(1))
  say('file:///a', many(5))
  say('file:///b', many(5), false)
  expect(counts()).toMatchObject({'file:///a': 5, 'file:///b': 5})
})

test('all workers together fill no more than a frame, and make room again', () => {
  const room = new Room()
  const [one, two] = [listing(room, 'one'), listing(room, 'two')]
  const large = Array.from({length: 3_000}, () => problem('\u0000é😀'.repeat(300)))
  for (const {say} of [one, two]) say('file:///a', large)
  const frame = (all: Map<string, LspDiagnostic[]>[]) =>
    Buffer.byteLength(JSON.stringify(all.map(files => [...files])))
  expect(frame([one.files, two.files])).toBeLessThan(0.8 * maxFrameBytes)
  expect(frame([one.files, two.files])).toBeGreaterThan(0.7 * maxFrameBytes)
  expect(two.root()).toEqual([[2, expect.stringContaining('there are more diagnostics than the')]])
  one.own.forget()
  two.own.forget()
  expect(room.taken).toBe(0)
})

test('one that is too large keeps its place and the beginning of its words', () => {
  for (const text of ['x'.repeat(70_000), '\u0000'.repeat(20_000), '😀'.repeat(40_000)]) {
    const large = {...problem(text, 1), code: text, source: text, data: text}
    const {diagnostic, bytes} = fitted(large)
    expect(bytes).toBeLessThanOrEqual(maxDiagnosticBytes)
    expect(Buffer.byteLength(JSON.stringify(diagnostic))).toBe(bytes)
    const {message} = diagnostic
    if (typeof message !== 'string') throw new Error('no text')
    expect(text.startsWith(message.slice(0, -1))).toBe(true)
    expect(message.isWellFormed()).toBe(true)
    expect(diagnostic).toMatchObject({range, severity: 1})
  }
  const small = problem('fine')
  expect(fitted(small).diagnostic).toBe(small)
})

test('what is told of one file keeps its task', () => {
  const {own} = listing()
  const published: PublishDiagnosticsParams = {
    uri: 'file:///a',
    diagnostics: many(1),
    reset: true,
    taskId: 't',
  }
  expect(own.take(published)).toEqual([published])
})
