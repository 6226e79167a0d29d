/** A word of a pin line: unquoted text, text in double quotes, or `name@"…"`, which has both. */
export interface Word {
  plain: string
  quoted?: string
}

export type WordsProblem = {problem: string; hint: string}

/** Splits a line into words at blanks and tabs; `#` at the start of a word begins a comment. */
export function splitWords(line: string): Word[] | WordsProblem {
  const words: Word[] = []
  const next = /[ \t]*(?:#.*|([^ \t"]*)(?:"([^"]*)(")?)?)/suy
  while (next.lastIndex < line.length) {
    const match = next.exec(line)
    if (match === null) throw new Error(`a line that is no sequence of words: ${line}`)
    const [, plain = '', quoted, close] = match
    if (quoted === undefined) {
      if (plain !== '') words.push({plain})
      continue
    }
    if (close === undefined) return {problem: 'a quote is not closed', hint: 'write a " after the range too'}
    if ((plain !== '' && !plain.endsWith('@')) || /^[^ \t]/.test(line.slice(next.lastIndex))) {
      return {problem: 'a quote stands inside a word', hint: 'quote the whole version, as in ">=5.8 <6"'}
    }
    words.push({plain, quoted})
  }
  return words
}
