/**
 * Puts values in the place of `{name}` in a text.
 * @param otherwise what stands for a name that has no value; it may throw
 */
export function fillNames(
  text: string,
  values: Readonly<Record<string, string>>,
  otherwise: (name: string, whole: string) => string,
): string {
  return text.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? otherwise(name, whole)) : otherwise(name, whole),
  )
}

/** `{a} {b}`: the names that have values, for messages. */
export function namesOf(values: Readonly<Record<string, string>>): string {
  return Object.keys(values)
    .map(name => `{${name}}`)
    .join(' ')
}
