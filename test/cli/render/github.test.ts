import {expect, test} from 'vitest'
import type {ToolchainResult} from '../../../src/build/types.ts'
import {renderGithub} from '../../../src/cli/render/github.ts'
import type {Diagnostic} from '../../../src/model/diagnostic.ts'

const diagnostic = (more: Partial<Diagnostic> = {}): Diagnostic => ({
  uri: 'file:///app/src/a,b.ts',
  toolchain: 'typescript',
  range: {start: {line: 0, character: 2}, end: {line: 0, character: 5}},
  severity: 1,
  code: 'TS1',
  message: '100%\r\nwrong: yes, really',
  ...more,
})

const of = (...diagnostics: Diagnostic[]) => ({toolchains: [], diagnostics})

test('a compiler that failed is an error too', () => {
  const failed: ToolchainResult = {
    name: 'esbuild',
    version: '1.0.0',
    origin: {kind: 'default'},
    status: 'crashed',
    durationMs: 1,
    failure: {code: 'COMPILER_KILLED', message: 'killed by SIGSEGV', output: []},
  }
  expect(renderGithub({toolchains: [failed], diagnostics: []}, '/app')).toBe(
    '::error title=esbuild COMPILER_KILLED::killed by SIGSEGV',
  )
})

test('what has a meaning in a workflow command is escaped', () => {
  expect(renderGithub(of(diagnostic()), '/app')).toBe(
    '::error file=src/a%2Cb.ts,line=1,col=3,endLine=1,endColumn=5,title=typescript TS1::100%25%0D%0Awrong: yes, really',
  )
})

test('hints become notices, and what is about no file has none', () => {
  expect(renderGithub(of(diagnostic({severity: 4, uri: 'file:///app/', message: 'm'})), '/app')).toBe(
    '::notice title=typescript TS1::m',
  )
})

test('GitHub shows ten of a kind; the rest is counted', () => {
  const many = [...Array.from({length: 13}, () => diagnostic()), diagnostic({severity: 2})]
  const lines = renderGithub(of(...many), '/app').split('\n')
  expect(lines.filter(line => line.startsWith('::error'))).toHaveLength(10)
  expect(lines).toContain('and 3 more of kind error, in the log above')
  expect(lines.filter(line => line.startsWith('::warning'))).toHaveLength(1)
})
