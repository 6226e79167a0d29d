/** Flags before the verb, as git and make take them, moved behind it: `-C app build` → `build -C app`. */
export function moveLeadingFlags(argv: readonly string[]): string[] {
  let verb = 0
  for (; verb < argv.length; verb++) {
    const word = argv[verb]
    if (word === '-C' || word === '--directory') verb++
    else if (word !== '--quiet' && word !== '--verbose') break
  }
  const name = argv[verb]
  if (verb === 0 || name === undefined || name.startsWith('-')) return [...argv]
  return [name, ...argv.slice(0, verb), ...argv.slice(verb + 1)]
}
