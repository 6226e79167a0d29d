/** The candidates that are most like a word a person wrote, best first, at most `count`; none if nothing is alike. */
export function nearestNames(word: string, candidates: Iterable<string>, count = 3): string[] {
  const most = Math.max(2, Math.floor(word.length / 3))
  return [...candidates]
    .map(name => ({name, distance: name.startsWith(word) ? 1 : editDistance(word, name)}))
    .filter(({distance}) => distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({name}) => name)
}

/** Levenshtein's distance: how many letters are added, dropped or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, corner = 0] = [next[j], row[j + 1], row[j]]
      next.push(Math.min(left + 1, above + 1, corner + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
