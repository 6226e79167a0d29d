import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {CommandLines} from './command-line.ts'
import {ownWords} from './own-words.ts'
import type {Self} from './self.ts'
import {unknownCommand} from './unknown-command.ts'
import {writeOut} from './write-out.ts'

/** The widths, in columns, that help is rendered for when the package is built. */
export const helpWidths = [60, 80, 100, 120] as const

/** Help as it is kept on disk: the text by the id of the command, `''` for the list of all. */
type HelpTexts = Readonly<Record<string, string>>

/**
 * Answers a command line that asks for help or for the release.
 * @returns whether the answer is written to its end; undefined for every other command line
 * @throws UserError UNKNOWN_COMMAND
 */
export function answerHelp(argv: readonly string[], lines: CommandLines, self: Self): boolean | undefined {
  const [first = ''] = argv
  if (['--version', '-v', '-V'].includes(first)) return writeOut(`tool ${self.release}\n`)
  const asked = askedCommand(argv, lines)
  if (asked === undefined) return undefined
  const [word = '', sub] = asked
  const id = Object.hasOwn(lines, `${word}:${sub}`) ? `${word}:${sub}` : word
  if (id !== '' && !Object.hasOwn(lines, id)) throw unknownCommand(id, lines, sub)
  return writeOut(helpTexts(self)[id] ?? '')
}

/** The words of the command that help is asked for, none for `tool` itself; undefined if it is not. */
function askedCommand(argv: readonly string[], lines: CommandLines): readonly string[] | undefined {
  const {id, own} = ownWords(argv, lines)
  if (id === 'help') return own.filter(word => !word.startsWith('-'))
  if (id === '--help' || id === '-h') return []
  return own.some(word => word === '--help' || word === '-h') ? [id, ...own.slice(0, 1)] : undefined
}

function helpTexts({packageRoot}: Self): HelpTexts {
  // Only a terminal has a width; asking is dear, so nobody else is asked.
  const columns = (process.stdout.isTTY && process.stdout.columns) || 80
  const width = helpWidths.findLast(known => known <= columns) ?? helpWidths[0]
  return JSON.parse(readFileSync(join(packageRoot, 'dist', 'help', `${width}.json`), 'utf8'))
}
