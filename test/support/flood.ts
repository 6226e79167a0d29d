import type {Connection} from '../../src/ipc/types.ts'
import {anything} from './ipc.ts'

/** What one side of a flood got: how many, and whether each came right after the one before. */
export interface Seen {
  received: number
  inOrder: boolean
  answered: number
}

type Numbered = {n: number; text: string}

/** Requests under way at a time. */
const window = 4000
const text = 'x'.repeat(1024)

/**
 * Prepares one side of a flood of messages of 1 KiB. `notify`: one-way; `ask`: requests that are answered by calling
 * the asker back.
 * @returns starts sending; resolves when everything was sent, answered, and received from the other side
 */
export function flood(connection: Connection, kind: 'notify' | 'ask', count: number): () => Promise<Seen> {
  const seen: Seen = {received: 0, inOrder: true, answered: 0}
  const all = Promise.withResolvers<void>()
  const take = ({n}: Numbered) => {
    if (n !== seen.received) seen.inOrder = false
    seen.received++
    if (seen.received === count) all.resolve()
  }
  connection.onNotification('n', anything<Numbered>(), take)
  connection.onRequest('back', anything<Numbered>(), ({n}) => ({n}))
  connection.onRequest('ask', anything<Numbered>(), async params => {
    take(params)
    return await connection.request<{n: number}>('back', params)
  })
  return async () => {
    if (kind === 'notify') await notifyAll(connection, count)
    else seen.answered = await askAll(connection, count)
    await all.promise
    return seen
  }
}

async function notifyAll(connection: Connection, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await connection.notify('n', {n, text})
}

async function askAll(connection: Connection, count: number): Promise<number> {
  const underWay = new Set<Promise<void>>()
  let answered = 0
  for (let n = 0; n < count; n++) {
    const asked = connection.request<{n: number}>('ask', {n, text}).then(answer => {
      if (answer.n === n) answered++
      underWay.delete(asked)
    })
    underWay.add(asked)
    if (underWay.size >= window) await underWay.values().next().value
  }
  await Promise.all(underWay)
  return answered
}
