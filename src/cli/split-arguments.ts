/** A command line in two: what is ours, and what is passed on to a compiler, after the first `--`. */
export function splitAtDashes(argv: readonly string[]): {own: string[]; passedOn: string[]} {
  const at = argv.indexOf('--')
  return at < 0 ? {own: [...argv], passedOn: []} : {own: argv.slice(0, at), passedOn: argv.slice(at + 1)}
}

/** Like `splitAtDashes`, at the first word that is neither a flag nor the value of `-C`. */
export function splitAtCommand(argv: readonly string[]): {own: string[]; rest: string[]} {
  let at = 0
  while (argv[at]?.startsWith('-') && argv[at] !== '--')
    at += argv[at] === '-C' || argv[at] === '--directory' ? 2 : 1
  return {own: argv.slice(0, at), rest: argv.slice(at)}
}
