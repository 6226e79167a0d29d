import {stripVTControlCharacters} from 'node:util'
import type {Interpreter} from '../model/interpreter.ts'
import {bracketed, listeningAt, reachable} from '../model/listening.ts'
import type {ServerListeningParams, WorkerMessage} from '../model/protocol.ts'

/** Longest part of a line that is looked at. */
const maxLineLength = 10_000

/**
 * Hears from a server's output where it listens: `ready` has the group `url`, or `port` with optional `host` and
 * `protocol`. A server that moves is announced again.
 */
export function listeningInterpreter(ready: string, requestedHost: string): Interpreter {
  const regexp = new RegExp(ready, 'u')
  let announced: string | undefined
  return {
    line(_stream, text) {
      const groups = regexp.exec(stripVTControlCharacters(text.slice(0, maxLineLength)))?.groups
      const params = groups && listeningParams(groups, requestedHost)
      if (!params || params.url === announced) return []
      const moved: WorkerMessage[] =
        announced === undefined ? [] : [{method: 'server/closed', params: {url: announced}}]
      announced = params.url
      return [...moved, {method: 'server/listening', params}]
    },
    end: () => [],
  }
}

type Groups = Readonly<Record<string, string | undefined>>

function listeningParams(groups: Groups, requestedHost: string): ServerListeningParams | undefined {
  const {protocol = 'http', host, port} = groups
  const printed = groups.url ?? `${protocol}://${bracketed(reachable(host ?? requestedHost))}:${port}/`
  if (!URL.canParse(printed)) return undefined
  const url = new URL(printed)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const params = listeningAt(url, host)
  return params.port === 0 ? undefined : params
}
