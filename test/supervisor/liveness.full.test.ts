import {setTimeout as delay} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {whileAnswering} from '../../src/supervisor/liveness.ts'
import {anything, connectedPair} from '../support/ipc.ts'

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
  const call = (method: string) =>
    whileAnswering(near, near.request(method, {}, patient), () => new Error('it hangs'))
  const slow = call('slow')
  await asked.promise
  expect(await slow).toBe('done')
  hangs = true
  await expect(call('endless')).rejects.toThrow('it hangs')
})
