/*
 * IPC against raw newline JSON on the same kind of socket, between two processes: `node bench/ipc.ts [rounds]`.
 * Rounds alternate (A B A B …). Figures are medians; a ratio is the median of the ratios of neighbouring rounds, so
 * that what else the machine does meanwhile falls on both.
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {createConnection} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {connectSocket} from '../src/ipc/connect.ts'
import {initialize} from '../src/ipc/handshake.ts'
import {median} from './median.ts'

interface Client {
  echo(params: object): Promise<unknown>
  note(params: object): Promise<void>
  count(): Promise<number>
  close(): void
}

const [rounds = '41'] = process.argv.slice(2)
const roundTrips = 1_000
const notifications = 20_000
const note = {uri: 'file:///app/src/main.ts', n: 1, message: 'Type string is not assignable to type number.'}

const directory = mkdtempSync(join(tmpdir(), 'bench-ipc-'))
const peer = spawn(process.execPath, [fileURLToPath(new URL('ipc-peer.ts', import.meta.url)), directory], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
await once(peer.stdout, 'data')
const clients = {raw: await rawClient(), ours: await ourClient()}
const seen = {
  raw: {trip: [] as number[], rate: [] as number[]},
  ours: {trip: [] as number[], rate: [] as number[]},
}
for (let round = -10; round < Number(rounds); round++) {
  for (const who of ['raw', 'ours'] as const) {
    const [trip, rate] = [await measureRoundTrip(clients[who]), await measureNotifications(clients[who])]
    if (round < 0) continue
    seen[who].trip.push(trip)
    seen[who].rate.push(rate)
  }
}
report('round trip, µs', seen.raw.trip, seen.ours.trip, '≤ 1.75')
report('notifications/s', seen.raw.rate, seen.ours.rate, '≥ 0.40')
clients.raw.close()
clients.ours.close()
peer.stdin.end()
await once(peer, 'exit')
rmSync(directory, {recursive: true, force: true})

async function measureRoundTrip({echo}: Client): Promise<number> {
  const start = performance.now()
  for (let n = 0; n < roundTrips; n++) await echo(note)
  return ((performance.now() - start) / roundTrips) * 1000
}

async function measureNotifications(client: Client): Promise<number> {
  const before = await client.count()
  const start = performance.now()
  for (let n = 0; n < notifications; n++) await client.note(note)
  while ((await client.count()) - before < notifications);
  return (notifications / (performance.now() - start)) * 1000
}

async function ourClient(): Promise<Client> {
  const connection = await connectSocket(join(directory, 'ours.sock'))
  await initialize(connection, {protocolVersion: 1, token: 'bench'})
  return {
    echo: params => connection.request('echo', params),
    note: params => connection.notify('note', params),
    count: () => connection.request<number>('count', {}),
    close: () => connection.close(),
  }
}

/** What one would write by hand: a line a message, and waiting when the socket says so. */
async function rawClient(): Promise<Client> {
  const socket = createConnection(join(directory, 'raw.sock'))
  await once(socket, 'connect')
  const pending = new Map<number, (result: unknown) => void>()
  let [id, rest] = [0, '']
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer = JSON.parse(line)
      pending.get(answer.id)?.(answer.result)
      pending.delete(answer.id)
    }
  })
  const ask = (method: string, params: object) =>
    new Promise<unknown>(resolve => {
      pending.set(++id, resolve)
      socket.write(`${JSON.stringify({id, method, params})}\n`)
    })
  return {
    echo: params => ask('echo', params),
    async note(params) {
      if (!socket.write(`${JSON.stringify({method: 'note', params})}\n`)) await once(socket, 'drain')
    },
    count: async () => Number(await ask('count', {})),
    close: () => socket.end(),
  }
}

function report(what: string, raw: number[], ours: number[], budget: string): void {
  const ratios = ours.map((value, round) => value / (raw[round] ?? Number.NaN))
  const [r, o] = [median(raw), median(ours)].map(value => value.toFixed(value > 1000 ? 0 : 1).padStart(8))
  console.log(`${what.padEnd(16)} raw ${r}  ours ${o}  ratio ${median(ratios).toFixed(2)} (budget ${budget})`)
}
