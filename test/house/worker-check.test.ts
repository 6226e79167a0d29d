import {join} from 'node:path'
import {expect, test} from 'vitest'
import {renderCheck, renderWorkerReport} from '../../src/cli/render/worker-check.ts'
import {advice} from '../../src/house/worker-advice.ts'
import {checkWorker, type WorkerCheckRequest} from '../../src/house/worker-check.ts'
import {workerChecks} from '../../src/house/worker-checks.ts'
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

test.concurrent('a worker that keeps the protocol passes, with the SDK and without', async () => {
  await using box = sandbox()
  box.write('input.txt', 'TODO\n')
  const only = ['compile', 'cancel', 'shutdown', 'lost']
  const commands = [byHand('good'), [process.execPath, join(programs, 'worker-ten-lines.ts')]]
  for (const command of commands)
    expect((await check(box, command, {only, patience: 20_000})).passed).toEqual(['handshake', ...only])
})

test.concurrent.each([
  ['careless', 'invalid-params', /not with the error -32602/],
  ['wished-port', 'serve', /nobody answers at http:\/\/127\.0\.0\.1:1\//],
  ['takes-all', 'oversized', /it goes on 0\.5 s after a frame of 999,999,999 bytes/],
])('a rule that is broken is found: %s', async (manner, id, reason) => {
  await using box = sandbox()
  const patience = manner === 'takes-all' ? 500 : 5000
  const report = await check(box, byHand(manner), {patience, only: [id]})
  expect(report.failed).toEqual([id])
  expect(reasonOf(report, id)).toMatch(reason)
})

test.concurrent.each([
  ['ends', 'handshake', /ended with exit code 3 before it said anything/],
  ['talks-first', 'handshake', /no request initialize, but .*log\/message/],
  ['http', 'handshake', /what it sent can't be read: bad frame: /],
  ['wrong-token', 'handshake', /the token is not/],
])('without a handshake nothing else is tried: %s', async (manner, id, reason) => {
  await using box = sandbox()
  const report = await check(box, byHand(manner))
  expect(report.failed).toEqual([id])
  expect(reasonOf(report, id)).toMatch(reason)
  expect(report.passed).toEqual([])
  expect(report.skipped).toContain('compile')
})

test.concurrent('what it can’t do is not asked of it', async () => {
  await using box = sandbox()
  const only = ['cancel', 'serve']
  const report = await check(box, byHand('no-compile'), {only})
  expect(report.failed).toEqual([])
  expect(report.skipped).toContain('cancel')
  expect((await check(box, byHand('no-serve'), {only})).skipped).toEqual(['serve'])
})

test.concurrent('a check that is none', async () => {
  await using box = sandbox()
  await expect(check(box, byHand('good'), {only: ['lots']})).rejects.toMatchObject({
    code: 'CHECK_UNKNOWN',
    hint: 'did you mean lost?',
  })
})

test.concurrent('a program that is not there', async () => {
  await using box = sandbox()
  await expect(check(box, ['./nothing'])).rejects.toMatchObject({code: 'COMMAND_NOT_FOUND', exitCode: 127})
  box.write('plain', 'text')
  await expect(check(box, ['./plain'])).rejects.toMatchObject({code: 'COMMAND_NOT_EXECUTABLE'})
})

test.concurrent('it can be given up', async () => {
  await using box = sandbox()
  const controller = new AbortController()
  const context = box.at({signal: controller.signal})
  const running = checkWorker(context, {command: byHand('never-connects')})
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
})

test('the report says what, why, and what the protocol asks', () => {
  const common = {id: 'lost', title: 'ends', rule: 'A worker ends.'}
  expect(renderCheck({...common, status: 'pass'})).toBe('pass     lost            ends\n')
  expect(renderCheck({...common, status: 'skipped', reason: 'no'})).toMatch(
    /^skipped {2}lost .*ends \(no\)\n$/,
  )
  expect(
    renderCheck({
      ...common,
      status: 'fail',
      reason: 'it lives',
      advice: 'end it',
      excerpt: ['printed: \u001b[31mx'],
    }),
  ).toBe(
    'FAIL     lost            ends\n         it lives\n         the protocol says: A worker ends.\n         to mend it: end it\n         printed: x\n',
  )
  expect(renderWorkerReport({ok: true, checks: [{...common, status: 'pass'}]})).toBe(
    '1 passed, 0 failed, 0 skipped\n',
  )
})

test('every check says what to do where it fails', () => {
  expect(Object.keys(advice).sort()).toEqual(['handshake', ...workerChecks.map(({id}) => id)].sort())
})
