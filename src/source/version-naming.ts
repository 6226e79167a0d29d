/** How a place writes versions: as its definition says. */
export interface Naming {
  prefix?: string | undefined
  pattern?: string | undefined
}

/**
 * Makes versions of the names that a place has for them; undefined for names that are none, by its definition.
 */
export function versionNaming({prefix = '', pattern}: Naming): (name: string) => string | undefined {
  const shape = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  return name => {
    if (!name.startsWith(prefix)) return undefined
    const rest = name.slice(prefix.length)
    if (shape === undefined) return rest
    const groups = shape.exec(rest)?.groups
    return groups && (groups.version ?? joined(groups))
  }
}

/** A version as node-semver has it, so that ranges mean something. */
function joined({
  major,
  minor = '0',
  patch = '0',
  pre,
}: Record<string, string | undefined>): string | undefined {
  if (major === undefined) return undefined
  return `${major}.${minor}.${patch}${pre ? `-${pre.replace(/^([A-Za-z]+)(?=\d)/, '$1.')}` : ''}`
}
