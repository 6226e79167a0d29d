/** Two spellings of one key in the same table. */
export class TwoSpellings extends Error {
  readonly path: readonly PropertyKey[]

  constructor(path: readonly PropertyKey[], key: string) {
    super(`${key.replaceAll('-', '_')} and ${key} are the same; write one of them`)
    this.path = path
  }
}

/**
 * The tables of a parsed file with their keys in kebab-case, where they may be written in snake_case, too. Names of
 * variables stay as they are.
 * @throws TwoSpellings
 */
export function withKebabKeys(value: unknown, path: readonly PropertyKey[] = []): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withKebabKeys(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value
  const renamed: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    const name = key.replaceAll('_', '-')
    if (name in renamed) throw new TwoSpellings([...path, name], name)
    renamed[name] = name === 'envs' ? item : withKebabKeys(item, [...path, name])
  }
  return {...renamed}
}
