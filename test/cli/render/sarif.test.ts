import {expect, test} from 'vitest'
import {renderSarif, type SarifTool} from '../../../src/cli/render/sarif.ts'
import type {Diagnostic} from '../../../src/model/diagnostic.ts'

const diagnostic = (more: Partial<Diagnostic> = {}): Diagnostic => ({
  uri: 'file:///app/src/a%23b.ts',
  toolchain: 'typescript',
  range: {start: {line: 4, character: 2}, end: {line: 4, character: 5}},
  severity: 1,
  code: 'TS1',
  message: 'wrong',
  ...more,
})
const tools: SarifTool[] = [
  {name: 'typescript', version: '5.9.3', status: 'errors'},
  {
    name: 'esbuild',
    version: '0.28.2',
    status: 'crashed',
    failure: {code: 'COMPILER_KILLED', message: 'killed', output: ['last words']},
  },
]

test('a run for each toolchain, with rules, regions and paths relative to the root', () => {
  const log = renderSarif(tools, [diagnostic(), diagnostic({toolchain: 'esbuild', severity: 2})], '/app')
  expect(log).toMatchObject({version: '2.1.0', $schema: expect.stringContaining('sarif')})
  expect(log.runs.map(({tool, results}) => [tool.driver.name, tool.driver.rules, results?.length])).toEqual([
    ['typescript', [{id: 'TS1'}], 1],
    ['esbuild', [{id: 'TS1'}], 1],
  ])
  expect(log.runs[0]?.results?.[0]).toMatchObject({
    ruleId: 'TS1',
    level: 'error',
    message: {text: 'wrong'},
    locations: [
      {
        physicalLocation: {
          artifactLocation: {uri: 'src/a%23b.ts', uriBaseId: 'ROOT'},
          region: {startLine: 5, startColumn: 3, endLine: 5, endColumn: 6},
        },
      },
    ],
  })
  expect(log.runs[1]?.results?.[0]?.level).toBe('warning')
})

test('a compiler that failed does not look like one that found nothing', () => {
  const [well, crashed] = renderSarif(tools, [], '/app').runs.map(run => run.invocations?.[0])
  expect(well).toEqual({executionSuccessful: true})
  expect(crashed).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [
      {descriptor: {id: 'COMPILER_KILLED'}, message: {text: 'killed\nlast words'}},
    ],
  })
})

test('a finding keeps its fingerprint when its lines move', () => {
  const moved = {start: {line: 9, character: 0}, end: {line: 9, character: 1}}
  const log = renderSarif(
    tools,
    [diagnostic(), diagnostic({range: moved}), diagnostic({message: 'other'})],
    '/app',
  )
  const [first, second, third] = log.runs[0]?.results?.map(result => result.partialFingerprints) ?? []
  expect(second).toEqual(first)
  expect(third).not.toEqual(first)
})

test('what is about no file has no location, and what lies outside the root its whole address', () => {
  const log = renderSarif(
    tools,
    [diagnostic({uri: 'file:///app/'}), diagnostic({uri: 'file:///elsewhere/x.ts'})],
    '/app',
  )
  const [none, outside] = log.runs[0]?.results ?? []
  expect(none?.locations).toEqual([])
  expect(outside?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({uri: 'file:///elsewhere/x.ts'})
})
