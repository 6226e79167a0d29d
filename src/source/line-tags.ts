import {sortByVersion} from '../version/compare.ts'

/**
 * The moving names of long-term lines, in the way of nvm: with the tag `lts` and lines `Jod` and `Krypton` (newer) these
 * are `lts` and `lts/*` (the newest of all), `lts/-1` (of the line before), and of each line `lts/jod` and `jod`.
 * @param lines the line of each version that has one
 */
export function lineTags(tag: string, lines: ReadonlyMap<string, string>): Record<string, string> {
  // A later version replaces an earlier one, and puts its line at the end.
  const newest = new Map<string, string>()
  for (const [version, line] of sortByVersion(lines, ([version]) => version)) {
    const name = line.toLowerCase()
    newest.delete(name)
    newest.set(name, version)
  }
  const byAge = [...newest].reverse()
  const [first] = byAge
  if (first === undefined) return {}
  return Object.fromEntries([
    [tag, first[1]],
    [`${tag}/*`, first[1]],
    ...byAge.slice(1).map(([, version], index) => [`${tag}/-${index + 1}`, version]),
    ...byAge
      .filter(([name]) => /^[a-z][a-z0-9]*$/.test(name))
      .flatMap(([name, version]) => [
        [`${tag}/${name}`, version],
        [name, version],
      ]),
  ])
}
