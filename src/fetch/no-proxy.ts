import {BlockList, isIP} from 'node:net'

/**
 * Which addresses `NO_PROXY` speaks of: words parted by commas or blanks. `example.com` and `.example.com` mean the host and
 * all below it, `*.example.com` those below it, `*` everything; a port may follow; an IP address or a block such as
 * `10.0.0.0/8` means hosts that are written as addresses.
 */
export function directHosts(text: string): (url: URL) => boolean {
  const rules = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(word => word !== '')
    .map(ruleOf)
  return url => {
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/(.)\.$/, '$1')
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    return rules.some(rule => (rule.port === undefined || rule.port === port) && rule.fits(host))
  }
}

interface Rule {
  port?: string | undefined
  fits(host: string): boolean
}

function ruleOf(word: string): Rule {
  const block = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(word)
  if (block) return {fits: inBlock(block[1] ?? '', Number(block[2]))}
  const [, bracketed, after] = /^\[([^\]]+)\](?::(\d+))?$/.exec(word) ?? []
  if (bracketed !== undefined) return {port: after, fits: isAddress(bracketed)}
  if (isIP(word) !== 0) return {fits: isAddress(word)}
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(word) ?? []
  if (isIP(name) !== 0) return {port, fits: isAddress(name)}
  if (name === '*') return {port, fits: () => true}
  const bare = name.replace(/^\*?\./, '').replace(/\.$/, '')
  if (bare === '') return {port, fits: () => false}
  const below = (host: string) => host.endsWith(`.${bare}`)
  return {port, fits: name.startsWith('*.') ? below : host => host === bare || below(host)}
}

/** An address may be written in several ways. */
function isAddress(address: string): (host: string) => boolean {
  return inBlock(address, isIP(address) === 4 ? 32 : 128)
}

function inBlock(address: string, prefix: number): (host: string) => boolean {
  const family = isIP(address)
  if (family === 0 || prefix > (family === 4 ? 32 : 128)) return () => false
  const list = new BlockList()
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
  return host => isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6')
}
