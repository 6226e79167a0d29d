import type {Event} from '../model/event.ts'
import type {SessionListener} from '../session/types.ts'
import {describeExit} from '../supervisor/worker-error.ts'
import {LastLines} from './last-lines.ts'
import {publishedBy} from './render/build-output.ts'
import {sourceReader} from './render/location.ts'
import {renderLine} from './render/log-line.ts'
import {renderDiagnostic} from './render/pretty.ts'
import {renderServer} from './render/server.ts'

export interface ServeOutputOptions {
  /** Paths are shown relative to this folder. */
  cwd: string
  /** Whether stderr has colours. */
  color: boolean
  /** Servers as JSON, one a line. */
  json: boolean
  /** Everything that the servers print, too. */
  verbose: boolean
  write(text: string): void
  writeError(text: string): void
}

/** How many of a crashed server's last lines are shown. */
const lastLines = 5

/**
 * What a person sees of servers: on stdout a line for each that listens; on stderr diagnostics, what servers log, and
 * why one that crashed is started again.
 */
export function serveOutput(options: ServeOutputOptions): SessionListener {
  const {json, verbose, write, writeError} = options
  const tails = new LastLines(lastLines)
  const listening = new Set<string>()
  let isJoined = false
  return {
    onJoin: () => {
      isJoined = true
    },
    onServer: server => write(`${json ? JSON.stringify(server) : renderServer(server)}\n`),
    onLine: line => {
      const text = renderLine(line, options.color)
      if (verbose || line.stream === 'log') writeError(text)
      else tails.add(line.workerId, text)
    },
    onEvent: event => {
      // Own workers say it by a line.
      if (event.type === 'worker/note' && isJoined)
        writeError(renderLine({label: event.label, text: event.message}, options.color))
      const read = sourceReader()
      if (event.type === 'server/listening') listening.add(event.workerId)
      // What ends a server before it listens is told once, by the error.
      const started = listening.has(event.workerId)
      for (const diagnostic of publishedBy(event))
        if (started || !diagnostic.uri.endsWith('/'))
          writeError(`${renderDiagnostic(diagnostic, {...options, read})}\n`)
      if (started && event.type === 'worker/state' && event.state.kind === 'backoff') {
        writeError(`${tails.take(event.workerId)}${renderCrash(event, event.state)}\n`)
      }
    },
  }
}

type Backoff = Extract<Extract<Event, {type: 'worker/state'}>['state'], {kind: 'backoff'}>

function renderCrash({label}: Event, {exit}: Backoff): string {
  return `warning: ${label} ended (${exit.failure?.message ?? describeExit(exit)}) and is started again`
}
