/**
 * The line of a TOML text where its `[tools]` name a tool: `node = …`, `node.version = …`, `[tools.node]`,
 * `tools.node = …`. The parser does not tell. Where it is written in yet another way, the first line about tools.
 */
export function lineOfTool(toml: string, tool: string): number {
  const lines = toml.split(/\r?\n/)
  let table: string[] = []
  for (const [index, line] of lines.entries()) {
    const header = /^\s*\[(?!\[)(.*)$/.exec(line)?.[1]
    if (header !== undefined) table = keysOf(header)
    const [first, second] = header === undefined ? [...table, ...keysOf(line)] : table
    if (first === 'tools' && second === tool) return index + 1
  }
  return (
    Math.max(
      0,
      lines.findIndex(line => /\btools\b/.test(line)),
    ) + 1
  )
}

/** The keys of `a."b" = …`, or of a table's name. */
function keysOf(text: string): string[] {
  const keys: string[] = []
  const next = /\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.)?/y
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    const [, double, single, bare, dot] = match
    keys.push(double ?? single ?? bare ?? '')
    if (dot === undefined) break
  }
  return keys
}
