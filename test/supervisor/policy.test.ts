import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Exit} from '../../src/model/event.ts'
import {afterExit, type Decision, defaultPolicy, withExit} from '../../src/supervisor/policy.ts'
import type {RestartPolicy} from '../../src/supervisor/types.ts'

const exit = fc.record({
  code: fc.constantFrom(0, 1, 2, 78),
  signal: fc.constantFrom(null, null, 'SIGSEGV'),
  failure: fc.constantFrom(
    ...Array.from({length: 5}, () => undefined),
    'WORKER_CANNOT_START' as const,
    'WORKER_NOT_READY' as const,
    'WORKER_PROTOCOL_ERROR' as const,
  ),
})

const policies: fc.Arbitrary<RestartPolicy> = fc.record({
  restart: fc.constantFrom('permanent', 'transient', 'temporary'),
  finalExitCodes: fc.subarray([0, 2, 78]),
  delay: fc.integer({min: 0, max: 2000}),
  factor: fc.constantFrom(1, 1.5, 2, 10),
  maxDelay: fc.integer({min: 0, max: 20_000}),
  jitter: fc.constantFrom(0, 0.2, 1),
  maxRestarts: fc.integer({min: 0, max: 6}),
  window: fc.constantFrom(1000, 60_000, Number.POSITIVE_INFINITY),
  resetAfter: fc.constant(30_000),
})

/** What the policy should do, said in the plainest way: a life is a list of exits, each some time after the one before. */
function model(policy: RestartPolicy, lived: readonly Exit[], wasReady: boolean) {
  const last = lived.at(-1)
  const failed = last?.failure?.code
    .replace(/^WORKER_/, '')
    .toLowerCase()
    .replace('_', '-')
  const clean = last?.code === 0 && failed === undefined
  if (failed !== undefined && (!wasReady || policy.restart === 'temporary'))
    return failed.replace('cannot-start', 'cannot-spawn')
  if (policy.restart === 'temporary') return 'exited'
  if (last?.code === 0 && policy.finalExitCodes.includes(0)) return 'exited'
  if (typeof last?.code === 'number' && policy.finalExitCodes.includes(last.code)) return 'final-exit'
  if (policy.restart === 'transient' && clean) return 'exited'
  const restartsInWindow = lived.filter(({at}) => (last?.at ?? 0) - at < policy.window).length
  return restartsInWindow > policy.maxRestarts ? 'gave-up' : 'restart'
}

const nameOf = (decision: Decision) => (decision.kind === 'give-up' ? decision.reason : decision.kind)

test('it decides as the model does, all life long, whatever the chance', () => {
  const step = fc.record({
    exit,
    after: fc.integer({min: 0, max: 30_000}),
    random: fc.double({min: 0, max: 0.999, noNaN: true}),
  })
  fc.assert(
    fc.property(policies, fc.boolean(), fc.array(step, {maxLength: 30}), (policy, wasReady, steps) => {
      let history: Parameters<typeof afterExit>[1] = {exits: [], wasReady}
      const lived: Exit[] = []
      let now = 0
      for (const {exit, after, random} of steps) {
        now += after
        const {signal, failure} = exit
        const code = signal === null ? exit.code : null
        lived.push({at: now, code, signal, ...(failure && {failure: {code: failure, message: 'm'}})})
        history = withExit(policy, history, lived.at(-1) as Exit)
        const decision = afterExit(policy, history, now, random)
        expect(nameOf(decision)).toBe(model(policy, lived, wasReady))
        if (decision.kind !== 'restart') return
        const plain = Math.min(policy.maxDelay, policy.delay * policy.factor ** (lived.length - 1))
        expect(Math.abs(decision.delay - plain)).toBeLessThanOrEqual(plain * policy.jitter + 1e-9)
        expect(decision.attempt).toBe(lived.length)
        now += decision.delay
      }
    }),
    {numRuns: 1000},
  )
})

/** The delays of a worker that crashes at once each time, until something else is decided. */
function crashLoop(policy: RestartPolicy, random = 0.5): {delays: number[]; end: string} {
  let history: Parameters<typeof afterExit>[1] = {exits: [], wasReady: false}
  const delays: number[] = []
  for (let now = 0; ; ) {
    history = withExit(policy, history, {at: now, code: 1, signal: null})
    const decision = afterExit(policy, history, now, random)
    if (decision.kind !== 'restart' || delays.length === 50) return {delays, end: nameOf(decision)}
    delays.push(decision.delay)
    now += decision.delay
  }
}

test('limit N means N restarts', () => {
  for (const maxRestarts of [0, 1, 5]) {
    const {delays, end} = crashLoop({...defaultPolicy, maxRestarts})
    expect([delays.length, end]).toEqual([maxRestarts, 'gave-up'])
  }
})

test('the delay doubles up to its cap, and is spread to both sides', () => {
  const policy = {
    ...defaultPolicy,
    delay: 1000,
    maxDelay: 5000,
    maxRestarts: 5,
    window: Number.POSITIVE_INFINITY,
  }
  expect(crashLoop(policy).delays).toEqual([1000, 2000, 4000, 5000, 5000])
  expect(crashLoop(policy, 0).delays).toEqual([800, 1600, 3200, 4000, 4000])
  expect(crashLoop(policy, 0.75).delays).toEqual([1100, 2200, 4400, 5500, 5500])
})

test('restarts that are far apart never reach the limit, and the history stays small', () => {
  const policy = {...defaultPolicy, delay: 20_000, maxDelay: 20_000, maxRestarts: 5, window: 60_000}
  expect(crashLoop(policy)).toMatchObject({delays: {length: 50}, end: 'restart'})
  let history: Parameters<typeof afterExit>[1] = {exits: [], wasReady: false}
  for (let at = 0; at < 1000; at++) history = withExit(policy, history, {at, code: 1, signal: null})
  expect(history.exits.length).toBeLessThan(100)
})

test('who never was ready and fails us is not tried again; who was is treated as crashed', () => {
  const failed = {
    at: 0,
    code: null,
    signal: 'SIGTERM',
    failure: {code: 'WORKER_NOT_READY', message: 'm'},
  } as const
  const decide = (wasReady: boolean, restart: RestartPolicy['restart']) =>
    nameOf(afterExit({...defaultPolicy, restart}, {exits: [failed], wasReady}, 0, 0.5))
  expect(decide(false, 'permanent')).toBe('not-ready')
  expect(decide(true, 'permanent')).toBe('restart')
  expect(decide(true, 'transient')).toBe('restart')
  expect(decide(true, 'temporary')).toBe('not-ready')
})
