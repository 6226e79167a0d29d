import type {RequestListener} from 'node:http'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'

/** A server with TLS on this machine. */
export interface SecureServer extends AsyncDisposable {
  url: URL
}

export async function startSecure(
  listener: RequestListener,
  {key, cert}: {key: NonSharedBuffer; cert: NonSharedBuffer},
): Promise<SecureServer> {
  const server = createServer({key, cert}, listener)
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    url: new URL(`https://localhost:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}
