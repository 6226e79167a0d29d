import {expect, test} from 'vitest'
import {collectDiagnostics} from '../../src/diagnostics/collect.ts'
import {summarize} from '../../src/diagnostics/summary.ts'
import type {Event} from '../../src/model/event.ts'

type Said = [line: number, severity?: 1 | 2 | 3 | 4]

function said(workerId: string, uri: string, reset: boolean, ...diagnostics: Said[]): Event {
  return {
    type: 'diagnostics/publish',
    workerId,
    label: workerId,
    uri,
    reset,
    diagnostics: diagnostics.map(([line, severity]) => ({
      range: {start: {line, character: 0}, end: {line, character: 1}},
      message: `line ${line}`,
      ...(severity ? {severity} : {}),
    })),
  }
}

test('reset replaces what that worker said of that file, no reset adds to it', () => {
  const collector = collectDiagnostics()
  for (const event of [
    said('tsc', 'file:///b', true, [5], [1]),
    said('tsc', 'file:///a', true, [9]),
    said('sass', 'file:///b', true, [3]),
    said('tsc', 'file:///b', false, [2]),
    said('tsc', 'file:///a', true, [8], [7]),
    said('sass', 'file:///gone', true, [1]),
    said('sass', 'file:///gone', true),
  ]) {
    collector.add(event)
  }
  const list = collector.list().map(({uri, toolchain, range}) => `${uri} ${range.start.line} ${toolchain}`)
  expect(list).toEqual([
    'file:///a 7 tsc',
    'file:///a 8 tsc',
    'file:///b 1 tsc',
    'file:///b 2 tsc',
    'file:///b 3 sass',
    'file:///b 5 tsc',
  ])
  expect(collector.list('sass')).toMatchObject([{uri: 'file:///b', toolchain: 'sass'}])
  expect(collector.list('nobody')).toEqual([])
})

test('other events change nothing', () => {
  const collector = collectDiagnostics()
  collector.add({type: 'task/start', workerId: 'w', label: 'w', taskId: 't', title: 'compiling'})
  expect(collector.list()).toEqual([])
})

test('the summary counts severities and files; none means error', () => {
  const collector = collectDiagnostics()
  collector.add(said('w', 'file:///a', true, [1], [2, 1], [3, 2], [4, 3], [5, 4]))
  collector.add(said('w', 'file:///b', true, [1, 2]))
  expect(summarize(collector.list())).toEqual({errors: 2, warnings: 2, information: 1, hints: 1, files: 2})
  expect(summarize([])).toEqual({errors: 0, warnings: 0, information: 0, hints: 0, files: 0})
})
