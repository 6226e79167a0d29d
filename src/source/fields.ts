export type Fields = Readonly<Record<string, unknown>>

/** The fields of an object; undefined for anything else: a server may answer with `null`, a list, a word. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** What a key leads to: a name as it is, else through the objects that its dots separate. */
export function valueAt(value: unknown, key: string): unknown {
  const fields = fieldsOf(value)
  if (fields === undefined) return undefined
  if (Object.hasOwn(fields, key)) return fields[key]
  const [first = '', ...rest] = key.split('.')
  return rest.length > 0 && Object.hasOwn(fields, first) ? valueAt(fields[first], rest.join('.')) : undefined
}
