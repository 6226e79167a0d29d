import {duplexPair} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {Exit, UserError} from '../../src/base/errors.ts'
import {connectStream} from '../../src/ipc/connection.ts'
import {RpcError} from '../../src/ipc/errors.ts'
import {anything, connectedPair, frame, linkedPair} from '../support/ipc.ts'

describe('requests', () => {
  test('are answered, in both directions, each while the other is being answered', async () => {
    using pair = connectedPair()
    const {near, far} = pair
    far.onRequest('double', z.object({n: z.number()}), async ({n}) => {
      const {plus} = await far.request<{plus: number}>('plus', {})
      return {n: 2 * n + plus}
    })
    near.onRequest('plus', anything(), () => ({plus: 1}))
    expect(await near.request('double', {n: 4})).toEqual({n: 9})
  })

  test('without a result are answered with null', async () => {
    using pair = connectedPair()
    pair.far.onRequest('nothing', anything(), () => undefined)
    expect(await pair.near.request('nothing', {})).toBeNull()
  })

  test('that nobody knows get MethodNotFound, with parameters that do not fit InvalidParams', async () => {
    using pair = connectedPair()
    const {near, far} = pair
    far.onRequest('double', z.object({n: z.number()}), ({n}) => ({n: 2 * n}))
    await expect(near.request('half', {})).rejects.toMatchObject({name: 'RpcError', code: -32_601})
    await expect(near.request('double', {n: 'four'})).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('"double": n: '),
    })
    expect(await near.request('double', {n: 1, unknown: 'ignored'})).toEqual({n: 2})
  })

  test('a UserError and an RpcError arrive as what they were, another error as InternalError', async () => {
    const problems: string[] = []
    using pair = connectedPair({onProblem: problem => problems.push(problem.message)})
    const {near, far} = pair
    const mistake = new UserError({code: 'NO_PIN', message: 'no pin', hint: 'pin', exitCode: Exit.badPin})
    far.onRequest('user', anything(), () => Promise.reject(mistake))
    far.onRequest('rpc', anything(), () => Promise.reject(new RpcError(7, 'seven', {more: 1})))
    far.onRequest('bug', anything(), () => {
      throw new TypeError('a bug')
    })
    await expect(near.request('user', {})).rejects.toMatchObject({
      name: 'UserError',
      code: 'NO_PIN',
      hint: 'pin',
      exitCode: 3,
    })
    await expect(near.request('rpc', {})).rejects.toMatchObject({code: 7, data: {more: 1}})
    await expect(near.request('bug', {})).rejects.toMatchObject({code: -32_603, message: 'a bug'})
    expect(problems).toEqual(['a bug'])
  })

  test('that are not answered in time are cancelled and rejected', async () => {
    using pair = connectedPair()
    const cancelled = Promise.withResolvers<void>()
    pair.far.onRequest('never', anything(), (_params, signal) => {
      signal.addEventListener('abort', () => cancelled.resolve())
      return new Promise(() => {})
    })
    await expect(pair.near.request('never', {}, {timeout: 20})).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
    })
    await cancelled.promise
  })

  test('an aborted one takes the answer that the peer gives then', async () => {
    using pair = connectedPair()
    const abort = new AbortController()
    pair.far.onRequest('compile', anything(), (_params, signal) => {
      queueMicrotask(() => abort.abort())
      return new Promise(resolve => signal.addEventListener('abort', () => resolve({status: 3})))
    })
    expect(await pair.near.request('compile', {}, {signal: abort.signal})).toEqual({status: 3})
  })

  test('an aborted one is rejected with the reason, if the peer gives up or says nothing', async () => {
    using pair = connectedPair()
    const reason = new Error('enough')
    pair.far.onRequest('obeys', anything(), (_params, signal) => {
      abort.abort(reason)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    pair.far.onRequest('deaf', anything(), () => {
      abort.abort(reason)
      return new Promise(() => {})
    })
    let abort = new AbortController()
    await expect(pair.near.request('obeys', {}, {signal: abort.signal})).rejects.toBe(reason)
    abort = new AbortController()
    await expect(pair.near.request('deaf', {}, {signal: abort.signal, cancelGrace: 10})).rejects.toBe(reason)
    await expect(pair.near.request('deaf', {}, {signal: abort.signal})).rejects.toBe(reason)
  })
})

describe('the end', () => {
  test('rejects what is pending, and aborts what runs for the peer', async () => {
    using pair = connectedPair()
    const aborted = Promise.withResolvers<void>()
    pair.far.onRequest('never', anything(), (_params, signal) => {
      signal.addEventListener('abort', () => aborted.resolve())
      pair.near.close(new Error('that was all'))
      return new Promise(() => {})
    })
    await expect(pair.near.request('never', {})).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
      message: 'the connection was closed: that was all',
    })
    await aborted.promise
    expect(await pair.near.closed).toMatchObject({message: 'that was all'})
    expect(await pair.far.closed).toBeUndefined()
    await expect(pair.near.request('never', {})).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
    await expect(pair.far.notify('late', {})).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
  })

  test('what was said before a close arrives', async () => {
    using pair = connectedPair()
    const heard: number[] = []
    pair.far.onNotification('n', z.object({n: z.number()}), ({n}) => heard.push(n))
    for (let n = 0; n < 5000; n++) pair.near.notify('n', {n})
    pair.near.close()
    await pair.far.closed
    expect(heard).toEqual(Array.from({length: 5000}, (_, n) => n))
  })

  test('messages nobody awaited leave no unhandled rejection behind', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    using pair = connectedPair()
    pair.far.onRequest('slow', anything(), () => new Promise(resolve => setImmediate(resolve)))
    pair.near.request('slow', {})
    pair.near.notify('n', {text: 'x'.repeat(1_000_000)})
    pair.near.close(new Error('gone'))
    pair.near.notify('n', {})
    pair.near.request('slow', {})
    await pair.far.closed
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

describe('what a peer may do wrong', () => {
  test('one that only ends its own half, and reads no more, is not kept for ever', async () => {
    const {far, stream} = strangePeer()
    far.notify('n', {text: 'x'.repeat(5_000_000)})
    stream.end()
    await far.closed
  })

  test('a bad frame ends the connection', async () => {
    const {far, stream} = strangePeer()
    stream.write('Content-Length: -1\r\n\r\n')
    expect(await far.closed).toMatchObject({code: 'BAD_FRAME'})
  })

  test('responses to nothing, unknown notifications and cancellations of nothing are ignored', async () => {
    const {far, stream, replies} = strangePeer()
    far.onRequest('ping', anything(), () => 'pong')
    for (const odd of [
      {jsonrpc: '2.0', id: 5, result: 1},
      {jsonrpc: '2.0', id: null, error: {code: 1, message: 'x'}},
      {jsonrpc: '2.0', id: 'x', error: 'no object'},
      {jsonrpc: '2.0', method: 'who/knows', params: [1]},
      {jsonrpc: '2.0', method: '$/cancelRequest'},
      {jsonrpc: '2.0', method: '$/cancelRequest', params: {id: 77}},
      {jsonrpc: '2.0', method: '$/progress'},
      {jsonrpc: '2.0', method: '$/setTrace', params: {value: 'verbose'}},
    ]) {
      stream.write(frame(odd))
    }
    stream.write(frame({jsonrpc: '2.0', id: 1, method: 'ping'}))
    expect(await replies(1)).toEqual([{jsonrpc: '2.0', id: 1, result: 'pong'}])
  })

  test('a cancellation that asks for an answer gets one', async () => {
    const {stream, replies} = strangePeer()
    stream.write(frame({jsonrpc: '2.0', id: 3, method: '$/cancelRequest', params: {id: 1}}))
    expect(await replies(1)).toMatchObject([{id: 3, error: {code: -32_601}}])
  })

  test('an object that is no message is answered with InvalidRequest', async () => {
    const {stream, replies} = strangePeer()
    for (const odd of [{}, {id: 1}, {method: 5, id: 1}, {method: 'ping', id: null}]) stream.write(frame(odd))
    for (const reply of await replies(4)) expect(reply).toMatchObject({id: null, error: {code: -32_600}})
  })

  test('positional parameters, none at all and a million of them do no harm', async () => {
    const {far, stream, replies} = strangePeer()
    far.onRequest('named', z.object({a: z.number().optional()}), () => 'fine')
    stream.write(frame({jsonrpc: '2.0', id: 1, method: 'named'}))
    stream.write(frame({jsonrpc: '2.0', id: 2, method: 'named', params: [1, 2]}))
    stream.write(frame({jsonrpc: '2.0', id: 3, method: 'named', params: Array(1_000_000).fill(0)}))
    expect((await replies(3)).sort((a, b) => a.id - b.id)).toMatchObject([
      {id: 1, result: 'fine'},
      {id: 2, error: {code: -32_602}},
      {id: 3, error: {code: -32_602}},
    ])
  })

  test('a notification that does not fit is told to onProblem, a failing handler too', async () => {
    const problems: string[] = []
    using pair = connectedPair({onProblem: problem => problems.push(problem.message)})
    pair.far.onNotification('n', z.object({n: z.number()}), ({n}) => {
      throw new Error(`failed at ${n}`)
    })
    pair.far.onRequest('done', anything(), () => null)
    pair.near.notify('n', {n: 'x'})
    pair.near.notify('n', {n: 1})
    await pair.near.request('done', {})
    expect(problems).toEqual([expect.stringContaining('"n": n: '), 'failed at 1'])
  })

  test('what can not be sent is an error here, and the connection lives on', async () => {
    using pair = connectedPair()
    const circle: {self?: unknown} = {}
    circle.self = circle
    pair.far.onRequest('ping', anything(), () => 'pong')
    pair.far.onRequest('circle', anything(), () => circle)
    await expect(pair.near.notify('n', circle)).rejects.toMatchObject({code: 'MESSAGE_UNSENDABLE'})
    await expect(pair.near.request('ping', circle)).rejects.toMatchObject({code: 'MESSAGE_UNSENDABLE'})
    const large = {text: 'x'.repeat(16 * 1024 * 1024)}
    await expect(pair.near.notify('n', large)).rejects.toMatchObject({code: 'MESSAGE_UNSENDABLE'})
    await expect(pair.near.request('circle', {})).rejects.toMatchObject({code: -32_603})
    expect(await pair.near.request('ping', {})).toBe('pong')
  })

  test('one that reads nothing is dropped past the limit, with a clear error', async () => {
    const [near] = duplexPair()
    const connection = connectStream(near, {maxQueuedBytes: 1_000_000})
    const sent: Promise<void>[] = []
    for (let n = 0; n < 2000; n++) sent.push(connection.notify('n', {text: 'x'.repeat(1000)}))
    expect(await connection.closed).toMatchObject({
      code: 'PEER_STALLED',
      message: 'the peer left more than 1000000 bytes unread',
    })
    expect((await Promise.allSettled(sent)).at(-1)).toMatchObject({
      status: 'rejected',
      reason: {code: 'CONNECTION_CLOSED'},
    })
  })
})

test('who awaits notify is held back until the peer reads', async () => {
  const [nearStream, farStream] = duplexPair()
  const near = connectStream(nearStream, {maxQueuedBytes: 1_000_000})
  let sent = 0
  const sending = (async () => {
    for (; sent < 5000; sent++) await near.notify('n', {n: sent, text: 'x'.repeat(1000)})
  })()
  await new Promise(setImmediate)
  expect(sent).toBeLessThan(2000)
  const far = connectStream(farStream)
  const heard: number[] = []
  far.onNotification('n', z.object({n: z.number()}), ({n}) => heard.push(n))
  await sending
  near.close()
  await far.closed
  expect(heard).toEqual(Array.from({length: 5000}, (_, n) => n))
})

/** One end is a connection, the other a stream on which a test writes what it likes. */
function strangePeer() {
  const [stream, farStream] = linkedPair()
  const far = connectStream(farStream)
  const replies = async (count: number): Promise<{id: number}[]> => {
    let text = ''
    for await (const chunk of stream) {
      text += String(chunk)
      const found = text.split(/Content-Length: \d+\r\n\r\n/).slice(1)
      if (found.length >= count) return found.map(one => JSON.parse(one))
    }
    throw new Error(`the connection ended after ${text}`)
  }
  return {far, stream, replies}
}
