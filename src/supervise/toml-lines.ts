/**
 * The line, counted from 1, of the field at a path in a TOML text, which has to be valid; of the last part of the path
 * that has a line of its own. The parser tells none of what it accepts.
 * @param path its names in kebab-case, as the checked file has them
 */
export function lineInToml(text: string, path: readonly PropertyKey[]): number | undefined {
  const wanted = path.map(String)
  const counts = new Map<string, number>()
  let table: string[] = []
  let best: {line: number; depth: number} | undefined
  const offer = (here: readonly string[], line: number) => {
    const depth = here.every((part, index) => part === wanted[index]) ? here.length : 0
    if (depth > (best?.depth ?? 0)) best = {line, depth}
  }
  for (const [index, line] of text.split('\n').entries()) {
    const [, array, single] = /^\s*(?:\[\[([^\]]+)\]\]|\[([^\]]+)\])\s*(?:#.*)?$/.exec(line) ?? []
    if (array !== undefined) {
      const name = keysOf(array).join('.')
      const number = (counts.get(name) ?? -1) + 1
      counts.set(name, number)
      table = [...keysOf(array), String(number)]
    } else if (single !== undefined) table = below(keysOf(single), counts)
    const [, key] =
      (array ?? single)
        ? []
        : (/^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line) ?? [])
    if (key !== undefined) offer([...table, ...keysOf(key)], index + 1)
    else if ((array ?? single) !== undefined) offer(table, index + 1)
  }
  return best?.line
}

/** A table of an array's last item has its number in the path. */
function below([first = '', ...rest]: string[], counts: ReadonlyMap<string, number>): string[] {
  const number = counts.get(first)
  return number === undefined ? [first, ...rest] : [first, String(number), ...rest]
}

function keysOf(dotted: string): string[] {
  return [...dotted.matchAll(/[\w-]+|"([^"]*)"|'([^']*)'/g)].map(([bare, double, single]) =>
    (double ?? single ?? bare).replaceAll('_', '-'),
  )
}
