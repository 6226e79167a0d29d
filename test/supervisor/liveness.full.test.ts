import {setTimeout as delay} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {UserError} from '../../src/base/errors.ts'
import {Liveness} from '../../src/supervisor/liveness.ts'
import {anything, connectedPair} from '../support/ipc.ts'
import {Occurrences} from '../support/occurrences.ts'

test('a call may take long while others are answered, and fails where none is', async () => {
  using both = connectedPair()
  const {near, far} = both
  let hangs = false
  const asked = Promise.withResolvers<void>()
  far.onRequest('slow', anything(), async () => {
    await delay(4500)
    return 'done'
  })
  far.onRequest('endless', anything(), () => new Promise(() => {}))
  far.onRequest('workers/list', anything(), () => {
    asked.resolve()
    return hangs ? new Promise(() => {}) : {}
  })
  const patient = {timeout: Number.POSITIVE_INFINITY}
  const liveness = new Liveness(near, () => new UserError({code: 'X', message: 'it hangs', exitCode: 8}))
  const call = (method: string) => liveness.during(near.request(method, {}, patient))
  const slow = call('slow')
  await asked.promise
  expect(await slow).toBe('done')
  const told = new Occurrences<string>()
  liveness.listen(error => told.add(error?.message ?? 'well'))
  hangs = true
  await expect(call('endless')).rejects.toThrow('it hangs')
  await expect(call('endless')).rejects.toThrow('it hangs')
  hangs = false
  await told.when(text => text === 'well')
  expect(told.all).toEqual(['it hangs', 'well'])
})
