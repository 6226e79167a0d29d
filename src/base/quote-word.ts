/** A word as a shell takes it: in quotes where it has signs that mean something there. */
export function quoteWord(word: string): string {
  return /^[\w.@/+,:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
