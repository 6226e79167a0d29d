import {isIPv6} from 'node:net'
import {stripVTControlCharacters} from 'node:util'
import type {Interpreter} from '../model/interpreter.ts'
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

/** A host as a URL and `host:port` have it: IPv6 addresses in brackets. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

type Groups = Readonly<Record<string, string | undefined>>

function listeningParams(groups: Groups, requestedHost: string): ServerListeningParams | undefined {
  const {protocol = 'http', port} = groups
  const printed = groups.url ?? `${protocol}://${bracketed(reachable(groups.host ?? requestedHost))}:${port}/`
  if (!URL.canParse(printed)) return undefined
  const url = new URL(printed)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const scheme = url.protocol === 'https:' ? 'https' : 'http'
  const number = Number(url.port || (scheme === 'https' ? 443 : 80))
  if (number === 0) return undefined
  return {url: url.href, host: url.hostname.replace(/^\[|\]$/g, ''), port: number, protocol: scheme}
}

/** A browser can't open the address that means all of them. */
function reachable(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
}
