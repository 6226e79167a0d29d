/**
 * The first circle in what comes after what, as the names on the way, the first of them again at the end; undefined where
 * there is none.
 * @param after what comes before a name; names that are not among `names` are passed over
 */
export function findCycle(
  names: readonly string[],
  after: (name: string) => readonly string[],
): string[] | undefined {
  const known = new Set(names)
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (!known.has(name) || done.has(name)) return undefined
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    for (const before of after(name)) {
      const found = visit(before, [...path, name])
      if (found) return found
    }
    done.add(name)
    return undefined
  }
  for (const name of names) {
    const found = visit(name, [])
    if (found) return found
  }
  return undefined
}
