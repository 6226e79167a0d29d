import {spawnSync} from 'node:child_process'
import {existsSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {createConnection} from 'node:net'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {z} from 'zod'
import {connectSocket} from '../../src/ipc/connect.ts'
import {initialize} from '../../src/ipc/handshake.ts'
import {listenSocket} from '../../src/ipc/listen.ts'
import type {ListenOptions} from '../../src/ipc/types.ts'
import {anything, frame} from '../support/ipc.ts'
import {sandbox} from '../support/sandbox.ts'

const schema = z.object({protocolVersion: z.int(), token: z.string(), name: z.string()})
type Hello = z.infer<typeof schema>
const hello: Hello = {protocolVersion: 1, token: 'the token of ann', name: 'ann'}

/** Listens below the sandbox; only `ann` is expected. */
function listen(root: string, more: Partial<ListenOptions<Hello>> = {}, timeout?: number) {
  return listenSocket({
    directory: join(root, 'run'),
    name: 'control.sock',
    handshake: {
      schema,
      tokenFor: ({name}) => (name === 'ann' ? 'the token of ann' : undefined),
      welcome(connection, {name}) {
        connection.onRequest('ping', anything(), () => `pong ${name}`)
        return {greeting: `hello ${name}`}
      },
      timeout,
    },
    ...more,
  })
}

/** Sends bytes, and returns all that comes back until the other side closes. */
async function bytesFrom(path: string, ...sent: (string | Buffer)[]): Promise<string> {
  const socket = createConnection(path)
  let got = ''
  socket.on('data', chunk => {
    got += chunk
  })
  // The other side may hang up while it is still being written to.
  socket.on('error', () => {})
  const closed = new Promise(resolve => socket.on('close', resolve))
  for (const bytes of sent) socket.write(bytes)
  await closed
  return got
}

const request = (id: number, method: string, params: object) => frame({jsonrpc: '2.0', id, method, params})

describe('the handshake', () => {
  test('lets in who has the token', async () => {
    await using box = sandbox()
    await using listening = await listen(box.root)
    const connection = await connectSocket(listening.path)
    const result = await initialize(connection, hello)
    expect(result).toEqual({greeting: 'hello ann', protocolVersion: 1})
    expect(await connection.request('ping', {})).toBe('pong ann')
  })

  test.each<[string, (string | Buffer)[]]>([
    ['a wrong token', [request(1, 'initialize', {...hello, token: 'guessed'})]],
    ['an empty token', [request(1, 'initialize', {...hello, token: ''})]],
    ['an unknown name', [request(1, 'initialize', {...hello, name: 'bob'})]],
    ['parameters that do not fit', [request(1, 'initialize', {...hello, protocolVersion: 'one'})]],
    ['another request first', [request(1, 'ping', {}), request(2, 'initialize', hello)]],
    ['a notification first', [frame({jsonrpc: '2.0', method: 'x'}), request(2, 'initialize', hello)]],
    ['initialize as a notification', [frame({jsonrpc: '2.0', method: 'initialize', params: hello})]],
    ['no message', [frame({})]],
    ['a bad frame', ['Content-Length: nine\r\n\r\n']],
    ['more than anybody needs to say hello', [request(1, 'initialize', {...hello, x: 'x'.repeat(70_000)})]],
    ['nothing', []],
  ])('%s: the connection ends, and nothing was revealed', async (_what, sent) => {
    await using box = sandbox()
    const refused = Promise.withResolvers<Error>()
    await using listening = await listen(box.root, {onRefused: refused.resolve}, 100)
    expect(await bytesFrom(listening.path, ...sent)).toBe('')
    expect(await refused.promise).toMatchObject({code: expect.stringMatching(/^BAD_(HANDSHAKE|FRAME)$/)})
    const other = await connectSocket(listening.path)
    expect(await initialize(other, hello)).toMatchObject({greeting: 'hello ann'})
  })

  test('a second initialize is answered with InvalidRequest, and ends the connection', async () => {
    await using box = sandbox()
    await using listening = await listen(box.root)
    const connection = await connectSocket(listening.path)
    await initialize(connection, hello)
    const second = connection.request('initialize', hello)
    const after = connection.request('ping', {})
    await expect(second).rejects.toMatchObject({code: -32_600})
    await expect(after).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
    expect(await connection.closed).toBeUndefined()
  })

  test('a newer peer and this one agree on the older version, an impossible one is told so', async () => {
    await using box = sandbox()
    await using listening = await listen(box.root)
    const newer = await connectSocket(listening.path)
    expect(await initialize(newer, {...hello, protocolVersion: 7})).toMatchObject({protocolVersion: 1})
    const odd = await connectSocket(listening.path)
    await expect(initialize(odd, {...hello, protocolVersion: 0})).rejects.toMatchObject({
      name: 'UserError',
      code: 'PROTOCOL_VERSION',
    })
    await odd.closed
  })

  test('a welcome that throws is the answer, and ends the connection', async () => {
    await using box = sandbox()
    const welcome = () => {
      throw new Error('not today')
    }
    await using listening = await listen(box.root, {
      handshake: {schema, tokenFor: () => hello.token, welcome},
    })
    const connection = await connectSocket(listening.path)
    await expect(initialize(connection, hello)).rejects.toMatchObject({message: 'not today'})
    await connection.closed
  })

  test('a door that fails itself costs one connection, not the process', async () => {
    await using box = sandbox()
    const tokenFor = () => {
      throw new Error('the list of guests is lost')
    }
    const refused = Promise.withResolvers<Error>()
    const handshake = {schema, tokenFor, welcome: () => ({})}
    await using listening = await listen(box.root, {handshake, onRefused: refused.resolve})
    const connection = await connectSocket(listening.path)
    await expect(initialize(connection, hello)).rejects.toMatchObject({code: 'CONNECTION_CLOSED'})
    expect(await refused.promise).toMatchObject({message: 'the list of guests is lost'})
  })

  test('of many connections that say nothing the oldest end; who says hello is let in', async () => {
    await using box = sandbox()
    await using listening = await listen(box.root, {maxWaiting: 5})
    const friend = await connectSocket(listening.path)
    await initialize(friend, hello)
    const silent = Array.from({length: 50}, () => createConnection(listening.path))
    const ended: number[] = []
    const enough = Promise.withResolvers<void>()
    silent.forEach((socket, n) => {
      socket.on('error', () => {})
      socket.resume().on('close', () => {
        if (ended.push(n) === 45) enough.resolve()
      })
    })
    await enough.promise
    expect(ended.sort((a, b) => a - b)).toEqual(Array.from({length: 45}, (_, n) => n))
    expect(await friend.request('ping', {})).toBe('pong ann')
    for (const socket of silent) socket.destroy()
  })
})

describe('the socket', () => {
  test('lies in a private folder, and goes with its server', async () => {
    await using box = sandbox()
    mkdirSync(join(box.root, 'run'), {mode: 0o755})
    const listening = await listen(box.root)
    expect(listening.path).toBe(join(box.root, 'run/control.sock'))
    expect(statSync(join(box.root, 'run')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(box.root, 'run'))).toEqual(['control.sock'])
    const connection = await connectSocket(listening.path)
    await initialize(connection, hello)
    await Promise.all([listening.close(), listening.close()])
    await connection.closed
    expect(readdirSync(join(box.root, 'run'))).toEqual([])
  })

  test('is not taken from a live peer', async () => {
    await using box = sandbox()
    await using listening = await listen(box.root)
    await expect(listen(box.root)).rejects.toMatchObject({code: 'SOCKET_IN_USE'})
    const connection = await connectSocket(listening.path)
    expect(await initialize(connection, hello)).toMatchObject({greeting: 'hello ann'})
    expect(readdirSync(join(box.root, 'run'))).toEqual(['control.sock'])
  })

  test('of a dead peer is taken over, by exactly one of many', async () => {
    await using box = sandbox()
    const path = leaveStaleSocket(join(box.root, 'run'))
    const tries = await Promise.allSettled(Array.from({length: 12}, () => listen(box.root)))
    const winners = tries.filter(({status}) => status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const {reason} of tries.filter(one => one.status === 'rejected')) {
      expect(reason).toMatchObject({code: 'SOCKET_IN_USE'})
    }
    const connection = await connectSocket(path)
    expect(await initialize(connection, hello)).toMatchObject({greeting: 'hello ann'})
    expect(readdirSync(join(box.root, 'run'))).toEqual(['control.sock'])
    for (const one of tries) if (one.status === 'fulfilled') await one.value.close()
  })

  test('does not replace a file of another kind', async () => {
    await using box = sandbox()
    mkdirSync(join(box.root, 'run'))
    writeFileSync(join(box.root, 'run/control.sock'), 'precious')
    await expect(listen(box.root)).rejects.toMatchObject({code: 'SOCKET_PATH_TAKEN'})
    expect(existsSync(join(box.root, 'run/control.sock'))).toBe(true)
  })

  test('is put in no folder that is a link of somebody', async () => {
    await using box = sandbox()
    mkdirSync(join(box.root, 'elsewhere'))
    symlinkSync(join(box.root, 'elsewhere'), join(box.root, 'run'))
    await expect(listen(box.root)).rejects.toMatchObject({code: 'SOCKET_DIRECTORY_UNSAFE'})
  })

  test('with too long a path moves to a short private folder, the same one each time', async () => {
    await using box = sandbox()
    vi.stubEnv('TMPDIR', box.root)
    onTestFinished(() => void vi.unstubAllEnvs())
    const long = join(box.root, 'long-'.repeat(20))
    const first = await listen(long)
    expect(first.path).toMatch(/^.{1,80}\/tool-\d+-[0-9a-f]{16}\/control\.sock$/)
    expect(lstatSync(join(first.path, '..')).mode & 0o777).toBe(0o700)
    await expect(listen(long)).rejects.toMatchObject({code: 'SOCKET_IN_USE'})
    const connection = await connectSocket(first.path)
    expect(await initialize(connection, hello)).toMatchObject({greeting: 'hello ann'})
    await first.close()
    await using second = await listen(long)
    expect(second.path).toBe(first.path)
  })
})

/** A socket whose process was killed before it could tidy up. */
function leaveStaleSocket(directory: string): string {
  mkdirSync(directory)
  const path = join(directory, 'control.sock')
  const script =
    "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))"
  spawnSync(process.execPath, ['-e', script, path])
  expect(lstatSync(path).isSocket()).toBe(true)
  return path
}
