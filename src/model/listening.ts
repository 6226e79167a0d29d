import {isIPv6} from 'node:net'
import type {ServerListeningParams} from './protocol.ts'

/** A server at a URL. `host` is the address it is bound to, where the URL tells another one. */
export function listeningAt(url: URL, host?: string): ServerListeningParams {
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const port = Number(url.port || (protocol === 'https' ? 443 : 80))
  return {url: url.href, host: unbracketed(host ?? url.hostname), port, protocol}
}

/** Where to reach who listens on this host: a wildcard is no address to connect to, but stands for the loopback too. */
export function reachable(host: string): string {
  const plain = unbracketed(host)
  if (plain === '' || plain === '*' || plain === '0.0.0.0') return '127.0.0.1'
  // A dual-stack server also answers here where the machine has no IPv6 loopback.
  return plain === '::' ? 'localhost' : plain
}

/** A host as a URL and `host:port` have it: IPv6 addresses in brackets. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
