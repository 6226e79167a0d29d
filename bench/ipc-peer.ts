// The other process of bench/ipc.ts: answers on a raw socket and on one of ours. `ipc-peer.ts DIRECTORY`
import {createServer} from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {listenSocket} from '../src/ipc/listen.ts'
import type {Schema} from '../src/ipc/types.ts'

const [directory = ''] = process.argv.slice(2)
const anything: Schema<{protocolVersion: number; token: string}> = {
  safeParse: data => ({success: true, data: data as {protocolVersion: number; token: string}}),
}

const ours = await listenSocket({
  directory,
  name: 'ours.sock',
  handshake: {
    schema: anything,
    tokenFor: () => 'bench',
    welcome(connection) {
      let count = 0
      connection.onRequest('echo', anything, params => params)
      connection.onNotification('note', anything, () => {
        count++
      })
      connection.onRequest('count', anything, () => count)
      return {}
    },
  },
})

const raw = createServer(socket => {
  let [count, rest] = [0, '']
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const {id, method, params} = JSON.parse(line)
      if (method === 'note') count++
      else socket.write(`${JSON.stringify({id, result: method === 'count' ? count : params})}\n`)
    }
  })
})
raw.listen(join(directory, 'raw.sock'), () => process.stdout.write('ready\n'))
createInterface({input: process.stdin}).on('close', () => {
  raw.close()
  ours.close().then(() => process.exit(0))
})
