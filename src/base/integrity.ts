/** Those that a digest can be checked by, from weak to strong. */
export const algorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const

/** Whether a text is one digest that can be checked, such as `sha512-…`. */
export function isDigest(text: string): boolean {
  return digest.test(text)
}

/** The strongest digest of subresource integrity, which may hold several; undefined if none of them can be checked. */
export function strongestDigest(integrity: string): string | undefined {
  const digests = digestsOf(integrity)
  return algorithms
    .toReversed()
    .map(algorithm => digests.find(({name}) => name === algorithm)?.text)
    .find(text => text !== undefined)
}

/**
 * Whether two texts of subresource integrity promise the same bytes, by the strongest algorithm that both know;
 * undefined where they have none in common.
 */
export function isSameIntegrity(a: string, b: string): boolean | undefined {
  const [left, right] = [digestsOf(a), digestsOf(b)]
  for (const algorithm of algorithms.toReversed()) {
    const [own, other] = [left, right].map(all => all.filter(({name}) => name === algorithm))
    if (!own?.length || !other?.length) continue
    return own.some(({text}) => other.some(one => one.text === text))
  }
  return undefined
}

const digest = /^(sha1|sha256|sha384|sha512)-[A-Za-z0-9+/]+=*$/

function digestsOf(integrity: string): {name: string; text: string}[] {
  return integrity.split(/\s+/).flatMap(word => {
    // Options after a question mark say nothing of the bytes.
    const text = word.replace(/\?.*$/, '')
    const name = digest.exec(text)?.[1]
    return name === undefined ? [] : [{name, text}]
  })
}
