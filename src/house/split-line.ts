/**
 * The words of a line that is being typed, as a POSIX shell would take them, its quotes and backslashes resolved. The last
 * is the one that the cursor is at: empty after a blank.
 */
export function splitLine(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  const letters = [...line][Symbol.iterator]()
  for (const letter of letters) {
    if (quote === '' && /\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    word ??= ''
    if (letter === '\\' && quote !== "'") word += letters.next().value ?? ''
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter
    else if (letter === quote) quote = ''
    else word += letter
  }
  return [...words, word ?? '']
}
