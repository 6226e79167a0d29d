import {isToolchainName} from '../toolchain/name.ts'
import {looksLikeSpec} from '../version/spec.ts'

/** `typescript 5.9.3` means on the command line what it means in a pin file. */
export function joinNames(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const word of words) {
    const before = joined.at(-1)
    if (before !== undefined && isToolchainName(before) && looksLikeSpec(word))
      joined[joined.length - 1] = `${before}@${word}`
    else joined.push(word)
  }
  return joined
}
