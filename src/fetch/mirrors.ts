import type {NetworkSettings} from '../base/network-settings.ts'

/**
 * The addresses at which a file may be had: the mirrors of the longest beginning that fits, in their order, then the
 * address itself, unless that is among them.
 */
export function mirrorsOf(url: URL, mirrors: NetworkSettings['mirrors'] = {}): URL[] {
  const prefix = Object.keys(mirrors)
    .filter(one => beginsWith(url.href, one))
    .sort((a, b) => b.length - a.length)[0]
  if (prefix === undefined) return [url]
  const rest = url.href.slice(withSlash(prefix).length)
  const all = [mirrors[prefix] ?? []].flat().map(mirror => withSlash(new URL(mirror).href) + rest)
  return [...new Set([...all, url.href])].map(one => new URL(one))
}

/** By whole parts of the path, so that nobody's longer name is taken for it. */
function beginsWith(address: string, prefix: string): boolean {
  return address.startsWith(withSlash(new URL(prefix).href))
}

const withSlash = (text: string) => (text.endsWith('/') ? text : `${text}/`)
