import {expect, test} from 'vitest'
import type {RestartPolicy} from '../../src/supervisor/index.ts'
import {policy, shellWorker, supervised} from '../support/supervised.ts'

// OTP's matrix: every restart type, every way to end, every way to be stopped.

const restarts: RestartPolicy['restart'][] = ['permanent', 'transient', 'temporary']
const ends = {
  'a clean exit': {script: 'exit 0', exit: {code: 0, signal: null}},
  'a failure': {script: 'exit 1', exit: {code: 1, signal: null}},
  'a signal': {script: 'kill -ABRT $$', exit: {code: null, signal: 'SIGABRT'}},
}
const graces = {'stop with grace': 60_000, 'kill at once': 0}

const cases = restarts.flatMap(restart =>
  Object.entries(ends).flatMap(([end, how]) =>
    Object.entries(graces).map(([stop, grace]) => ({restart, end, ...how, stop, grace})),
  ),
)

test.each(cases)('$restart, $end, $stop', async ({restart, end, script, exit, grace}) => {
  await using s = supervised()
  // Ends in the given way the first time, and runs until it is stopped the second time.
  const flag = `${s.box.project}/was-here`
  const worker = s.supervisor.start(
    shellWorker(`test -e ${flag} && exec sleep 600; touch ${flag}; ${script}`, {
      restart: policy({restart, delay: 1}),
    }),
  )
  const comesBack = restart === 'permanent' || (restart === 'transient' && end !== 'a clean exit')
  if (comesBack) {
    await s.event(
      event => event.type === 'worker/state' && event.state.kind === 'ready' && worker.info.restarts === 1,
    )
    const signal = grace === 0 ? 'SIGKILL' : 'SIGTERM'
    expect(await worker.stop({grace})).toMatchObject({kind: 'stopped', exit: {code: null, signal}})
  } else {
    expect(await worker.done).toMatchObject({kind: 'exited', exit})
    expect(await worker.stop({grace})).toMatchObject({kind: 'exited', exit})
  }
  expect(worker.info).toMatchObject({restarts: comesBack ? 1 : 0, state: {kind: 'stopped'}})
})
