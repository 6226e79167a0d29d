import {moveLeadingFlags} from './leading-flags.ts'

const verbs = ['exec', 'which', 'current'] as const

export interface HotLine {
  verb: (typeof verbs)[number]
  words: string[]
  directory?: string
  quiet: boolean
  verbose: boolean
  install: boolean
}

/** The command line of a hot verb, if it is one and plain; undefined leaves it to the command framework. */
export function parseHot(words: readonly string[]): HotLine | undefined {
  const argv = moveLeadingFlags(words)
  const verb = verbs.find(name => name === argv[0])
  if (verb === undefined) return undefined
  const line: HotLine = {verb, words: [], quiet: false, verbose: false, install: true}
  let at = 1
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '-C') {
      const directory = argv[++at]
      if (directory === undefined) return undefined
      line.directory = directory
    } else if (word === '--quiet') line.quiet = true
    else if (word === '--verbose') line.verbose = true
    else if (word === '--no-install' && verb === 'exec') line.install = false
    else if (word.startsWith('-') && !(word === '--' && verb === 'exec')) return undefined
    else break
  }
  line.words = argv.slice(at)
  return fits(line) ? line : undefined
}

/** Whatever follows the command of `exec` is the command's own; elsewhere only plain words are plain. */
function fits({verb, words}: HotLine): boolean {
  if (verb === 'exec') return words.length > 0 && words[0] !== '--help'
  if (words.some(word => word.startsWith('-'))) return false
  return verb === 'which' ? words.length === 1 : words.length === 0
}
