import {UserError} from '../base/errors.ts'

/** These are of a host, whatever it is asked for. */
const ofHost = new Set([
  'NETWORK_TIMEOUT',
  'NETWORK_REFUSED',
  'NETWORK_BROKEN',
  'NETWORK_DNS',
  'NETWORK_PROXY',
  'NETWORK_CERTIFICATE',
  'NETWORK_GARBLED',
])

/** Does work at a host, unless that could not be reached before: then it fails at once, in the same words. */
export function rememberSilent(): <T>(url: URL, work: () => Promise<T>) => Promise<T> {
  const silent = new Map<string, UserError>()
  return async (url, work) => {
    const before = silent.get(url.origin)
    if (before !== undefined) throw before
    try {
      return await work()
    } catch (error) {
      if (error instanceof UserError && ofHost.has(error.code)) silent.set(url.origin, error)
      throw error
    }
  }
}
