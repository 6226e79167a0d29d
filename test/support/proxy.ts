import {createServer, type IncomingHttpHeaders} from 'node:http'
import {type AddressInfo, connect, type Server, type Socket} from 'node:net'

export interface TestProxy extends AsyncDisposable {
  /** `host:port`. */
  address: string
  /** Where it was asked to lead. */
  asked: string[]
  headers: IncomingHttpHeaders[]
}

/** A proxy that makes tunnels; to this machine, whatever host is asked for. */
export async function startTunnel(wanted?: string): Promise<TestProxy> {
  const asked: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer()
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted)
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const port = Number(request.url?.split(':').at(-1))
    join(client, port, 'HTTP/1.1 200 Connection established\r\n\r\n')
  })
  return {...(await listen(server)), asked, headers}
}

function join(client: Socket, port: number, answer: string): void {
  const target = connect(port, '127.0.0.1', () => {
    client.write(answer)
    target.pipe(client).pipe(target)
  })
  for (const [one, other] of [
    [client, target],
    [target, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

async function listen(server: Server): Promise<Pick<TestProxy, 'address' | typeof Symbol.asyncDispose>> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => sockets.add(socket))
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(closed => server.close(closed))
    },
  }
}
