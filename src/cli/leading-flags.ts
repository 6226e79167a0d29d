const withoutValue = new Set(['--quiet', '--verbose', '--offline', '--frozen', '--json'])

/**
 * Flags before the verb, as git and make take them, moved behind it: `-C app build` → `build -C app`. Without any verb it
 * is `status`.
 */
export function moveLeadingFlags(argv: readonly string[]): string[] {
  let verb = 0
  for (; verb < argv.length; verb++) {
    const word = argv[verb] ?? ''
    if (word === '-C' || word === '--directory') verb++
    else if (!withoutValue.has(word)) break
  }
  const name = argv[verb]
  if (name === undefined) return ['status', ...argv]
  if (verb === 0 || (name.startsWith('-') && name !== '--help' && name !== '-h')) return [...argv]
  return [name, ...argv.slice(0, verb), ...argv.slice(verb + 1)]
}
