import {createServer} from 'node:net'
import type {Context} from '../../src/base/context.ts'
import type {Target} from '../../src/driver/target.ts'
import type {Event} from '../../src/model/event.ts'
import type {ServeSettings} from '../../src/model/project-config.ts'
import {serve} from '../../src/serve/serve.ts'
import type {ServeRequest} from '../../src/serve/types.ts'
import type {RunningServer} from '../../src/session/types.ts'
import type {LogLine} from '../../src/supervisor/types.ts'
import {Occurrences} from './occurrences.ts'
import type {Sandbox} from './sandbox.ts'

/** What makes esbuild serve the project that `bundled` writes. */
export const bundle: ServeSettings = {args: ['main.ts', '--bundle', '--outdir=dist', '--servedir=.']}

/** A project that esbuild can serve. */
export function bundled(box: Sandbox): void {
  box.write('main.ts', 'document.title = "one"\n')
  box.write('index.html', '<script src="dist/main.js"></script>\n')
}

type Wish = Partial<ServeRequest>

/** Serves one toolchain, and remembers all that it is told. */
export function serving(context: Context, root: string, target: Target<ServeSettings>, wish: Wish = {}) {
  const events = new Occurrences<Event>()
  const found = new Occurrences<RunningServer>()
  const lines = new Occurrences<LogLine>()
  const request = {root, targets: [target], release: '0.0.0', ...wish}
  const listener = {
    onEvent: (event: Event) => events.add(event),
    onServer: (one: RunningServer) => found.add(one),
    onLine: (line: LogLine) => lines.add(line),
  }
  return {events, found, lines, started: serve(context, request, listener)}
}

export async function textAt(url: string, path = ''): Promise<string> {
  const response = await fetch(new URL(path, url))
  return response.text()
}

/** A port that nobody has, and the way to occupy it. */
export async function occupyPort(host = '127.0.0.1'): Promise<AsyncDisposable & {port: number}> {
  const server = createServer()
  const {promise, resolve} = Promise.withResolvers<void>()
  server.listen(0, host, resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}
