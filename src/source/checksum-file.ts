import {indexInvalid} from './errors.ts'

/**
 * The digest that a file of checksums has for a name, as subresource integrity; undefined where it has none. It is in the
 * form of `sha256sum` (`HASH  NAME`, `HASH *NAME`), of BSD (`SHA256 (NAME) = HASH`), or one hash alone.
 * @throws UserError INDEX_INVALID where it has two for one name, or is no such file
 */
export function checksumOf(text: string, name: string, url: URL): string | undefined {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('#'))
  const [only = ''] = lines
  if (lines.length === 1 && /^[0-9a-f]+$/i.test(only.trim())) {
    const alone = hexIntegrity(only.trim())
    if (alone !== undefined) return alone
  }
  const all = lines.flatMap(line => entryOf(line) ?? [])
  if (all.length === 0) throw indexInvalid(url, 'it has no checksums')
  const found = new Set(all.filter(entry => entry.name === name).map(({integrity}) => integrity))
  if (found.size > 1) throw indexInvalid(url, `it has several checksums for ${name}`)
  return [...found][0]
}

/** A digest in hexadecimal as subresource integrity; undefined where it is none that is strong enough to be trusted. */
export function hexIntegrity(hex: string): string | undefined {
  const algorithm = algorithmOf[hex.length]
  if (algorithm === undefined || !/^[0-9a-f]+$/i.test(hex)) return undefined
  return `${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`
}

const algorithmOf: Readonly<Record<number, string>> = {64: 'sha256', 96: 'sha384', 128: 'sha512'}

function entryOf(line: string): {name: string; integrity: string} | undefined {
  const bsd = /^SHA\d{3} ?\((?<name>.+)\) ?= ?(?<hex>[0-9a-fA-F]+)\s*$/.exec(line)?.groups
  const gnu = /^\\?(?<hex>[0-9a-fA-F]+)[ \t]+\*?(?<name>.*\S)\s*$/.exec(line)?.groups
  const {name, hex} = bsd ?? gnu ?? {}
  const integrity = hex === undefined ? undefined : hexIntegrity(hex)
  if (name === undefined || integrity === undefined) return undefined
  return {name: name.replace(/^\.\//, ''), integrity}
}
