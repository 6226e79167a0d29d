import type {Context} from '../base/context.ts'
import {type Netrc, readNetrc} from './netrc.ts'
import type {NpmSettings} from './npm-config.ts'

/** Finds the `authorization` header for an address that is asked, where the first of all was another. */
export type Credentials = (url: URL, first: URL) => string | undefined

/** Those in the address itself, else npm's for the host, port and path, else netrc's for the host. */
export function credentialsOf(context: Context, npm: NpmSettings): Credentials {
  let netrc: Netrc | undefined
  return (url, first) => {
    const own = basicOf(url)
    if (own !== undefined) return own
    // What was to go over TLS goes over nothing less, wherever a redirect leads.
    if (first.protocol === 'https:' && url.protocol !== 'https:') return undefined
    const known = npm.authorization(url)
    if (known !== undefined) return known
    // A netrc knows no ports, so behind a redirect its word holds for the first address alone.
    if (url.origin !== first.origin) return undefined
    netrc ??= readNetrc(context)
    return netrc(url.hostname.replace(/^\[|\]$/g, ''))
  }
}

function basicOf({username, password}: URL): string | undefined {
  if (username === '') return undefined
  const pair = `${decoded(username)}:${decoded(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** A percent sign that a person wrote as it is stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
