import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {checkWorker, type WorkerCheckRequest} from '../../src/house/worker-check.ts'
import {packedSitec} from '../sitec/packed.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'

const programs = join(packageRoot, 'fixtures/programs')
const byHand = (manner: string) => [process.execPath, join(programs, 'worker-by-hand.js'), manner]

async function check({context}: Sandbox, command: string[], more: Partial<WorkerCheckRequest> = {}) {
  const report = await checkWorker(context, {command, patience: 5000, ...more})
  const of = (status: string) => report.checks.filter(one => one.status === status).map(({id}) => id)
  return {...report, passed: of('pass'), failed: of('fail'), skipped: of('skipped')}
}

const reasonOf = (report: {checks: readonly {id: string; reason?: string}[]}, id: string) =>
  report.checks.find(one => one.id === id)?.reason

test.concurrent('a worker that keeps the protocol passes, and leaves nothing', async () => {
  await using box = sandbox()
  const report = await check(box, byHand('good'))
  expect(report.failed).toEqual([])
  expect(report.skipped).toEqual([])
  expect(report.ok).toBe(true)
  expect(existsSync(box.context.layout.home)).toBe(false)
})

test.concurrent.each([
  ['compile and serve with the SDK', 'worker-all.ts', []],
  ['compile in ten lines with the SDK', 'worker-ten-lines.ts', []],
])('%s', async (_, program, skipped) => {
  await using box = sandbox()
  box.write('input.txt', 'TODO\n')
  const report = await check(box, [process.execPath, join(programs, program)], {patience: 20_000})
  expect(report.checks.filter(({status}) => status === 'fail')).toEqual([])
  expect(report.skipped).toEqual(program === 'worker-ten-lines.ts' ? ['serve'] : skipped)
})

test.concurrent('sitec', async () => {
  await using box = sandbox()
  using packed = await packedSitec()
  box.write('content/index.md', '# Hello\n')
  const command = [process.execPath, packed.program('2.0.0'), '{mode}']
  const report = await check(box, command, {patience: 20_000})
  expect(report.checks.filter(({status}) => status === 'fail')).toEqual([])
  expect(report.skipped).toEqual([])
})

test.concurrent.each([
  ['eager', ['patience'], /it sent log\/message at once/],
  ['any-version', ['version'], /it still runs 2 s after the answer named version 999999/],
  ['trusting', ['stray-answers'], /^it hung up$/],
  ['forgetful', ['again'], /nothing changed, and the status was 1 at first and 2 then/],
  ['counts-characters', ['framing'], /no answer within 2 s|it hung up/],
  ['drowns', ['flood'], /it hung up instead of answering/],
  ['no-shutdown', ['shutdown', 'shutdown-busy'], /shutdown was not answered within 2 s/],
  ['hasty-end', ['shutdown', 'shutdown-busy', 'serve'], /shutdown was not answered/],
  ['deaf', ['unknown', 'stray-answers'], /an unknown request was not answered/],
  ['careless', ['invalid-params'], /not with the error -32602/],
  ['no-finish', ['compile', 'cancel'], /no task\/finish/],
  [
    'bad-diagnostic',
    ['compile', 'flood'],
    /diagnostics\/publish does not fit: diagnostics\.0\.range\.end\.character/,
  ],
  ['takes-all', ['oversized', 'garbage'], /it goes on 2 s after a frame of 999,999,999 bytes/],
  ['bad-exit', ['shutdown', 'shutdown-busy', 'serve'], /it ended with exit code 4/],
  ['wished-port', ['serve'], /nobody answers at http:\/\/127\.0\.0\.1:1\//],
  ['serves-on', ['serve'], /answers after the shutdown/],
])('the one rule that is broken is found: %s', async (manner, failed, reason) => {
  await using box = sandbox()
  const report = await check(box, byHand(manner), {
    patience: 2000,
    only: [...new Set([...failed, 'unknown', 'shutdown'])],
  })
  expect(report.failed).toEqual(failed)
  expect(report.ok).toBe(false)
  for (const {status, advice} of report.checks) expect(advice !== undefined).toBe(status === 'fail')
  expect(reasonOf(report, failed[0] ?? '')).toMatch(reason)
})

test.concurrent('a worker that never ends costs a bounded time', async () => {
  await using box = sandbox()
  const only = ['refusal', 'garbage', 'lost', 'lost-busy', 'shutdown']
  const report = await check(box, byHand('outlives'), {patience: 1000, only})
  expect(report.failed).toEqual(['refusal', 'garbage', 'lost', 'lost-busy'])
})

test.concurrent('one that does not cancel, nor answer', async () => {
  await using box = sandbox()
  const report = await check(box, byHand('stubborn'), {patience: 300, only: ['compile', 'cancel']})
  expect(report.failed).toContain('cancel')
  expect(reasonOf(report, 'compile')).toMatch(/no answer within 0\.3 s/)
})

test.concurrent('what it leaves behind is told, and ended', async () => {
  await using box = sandbox()
  const report = await check(box, byHand('leaves-child'), {only: ['lost']})
  expect(report.failed).toContain('lost')
  expect(reasonOf(report, 'lost')).toBe('processes that it started outlive it')
})

test.concurrent('one that ends too late after it lost its supervisor', async () => {
  await using box = sandbox()
  const report = await check(box, byHand('slow-end'), {only: ['lost']})
  expect(report.failed).toEqual(['lost'])
  expect(reasonOf(report, 'lost')).toBe('it still runs 2.5 s after the connection was closed')
})

test.concurrent.each([
  ['silent', 'it said nothing within 10 s'],
  ['never-connects', 'it did not connect within 10 s'],
])('one that never introduces itself is given up: %s', async (manner, reason) => {
  await using box = sandbox()
  const report = await check(box, byHand(manner))
  expect(report.failed).toEqual(['handshake'])
  expect(reasonOf(report, 'handshake')).toBe(reason)
})
