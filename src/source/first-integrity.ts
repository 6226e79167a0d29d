import type {Around} from './around.ts'

/**
 * The digest of what is at an address now, for archives of which nobody tells one: what came the first time is what is
 * installed, locked, and compared with later.
 */
export function firstIntegrity({network, once, context}: Around, url: URL): Promise<string> {
  const {createHash} = process.getBuiltinModule('node:crypto')
  return once(`digest ${url}`, () =>
    network.get({url, signal: context.signal}, async ({body}) => {
      const hash = createHash('sha256')
      for await (const chunk of body) hash.update(chunk)
      return `sha256-${hash.digest('base64')}`
    }),
  )
}
