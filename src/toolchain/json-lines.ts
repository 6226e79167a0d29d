/**
 * The line, counted from 1, of the field or item at a path in a JSON text, which has to be valid; where the path goes on
 * beyond what is there, the line of the last part that is.
 */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  const wanted = path.map(String)
  let at = 0
  let found = Math.max(0, text.search(/[{["\d]/))

  function take(pattern: RegExp): string {
    pattern.lastIndex = at
    const taken = pattern.exec(text)?.[0] ?? ''
    at += taken.length
    return taken
  }
  const blanks = () => take(/[\s\uFEFF]*/y)
  const string = () => take(/"(?:[^"\\]|\\.)*"/sy)

  /** Reads one value. `depth` parts of the path led to it, undefined if another way did. */
  function value(depth: number | undefined): void {
    blanks()
    const opened = take(/[{[]/y)
    if (opened === '') {
      if (string() === '') take(/[^\s,\]}]*/y)
      return
    }
    for (let index = 0; ; index++) {
      blanks()
      if (take(/[}\]]/y) !== '') return
      const start = at
      const key = opened === '{' ? JSON.parse(string()) : String(index)
      const next = depth !== undefined && key === wanted[depth] ? depth + 1 : undefined
      if (next !== undefined) found = start
      blanks()
      take(/:/y)
      value(next)
      blanks()
      take(/,/y)
    }
  }
  value(0)
  return text.slice(0, found).split('\n').length
}
