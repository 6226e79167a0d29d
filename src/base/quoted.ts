/** A word of somebody else's in quotes, on one line and short enough for a message. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > 100 ? `${word.slice(0, 100)}…` : word)
}
