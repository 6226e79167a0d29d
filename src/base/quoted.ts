/** A word of somebody else's in quotes, on one line and short enough for a message. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > 100 ? `${word.slice(0, 100)}…` : word)
}

/** A path of somebody else's as it stands, but on one line and short enough for a message: of a long one both ends. */
export function briefPath(path: string): string {
  const line = path.replace(/[\0-\x1f\x7f]/g, control => JSON.stringify(control).slice(1, -1))
  return line.length > 200 ? `${line.slice(0, 90)}…${line.slice(-90)}` : line
}
