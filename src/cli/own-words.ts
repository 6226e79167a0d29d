import type {CommandLines} from './command-line.ts'
import {moveLeadingFlags} from './leading-flags.ts'
import {splitAtCommand, splitAtDashes} from './split-arguments.ts'

/** The words of a command line that are ours: what stands behind `--`, or behind the command of `exec`, is another program's. */
export function ownWords(argv: readonly string[], lines: CommandLines): {id: string; own: string[]} {
  const [id = '', ...rest] = moveLeadingFlags(argv)
  const endsAtWord = Object.hasOwn(lines, id) && lines[id]?.wordsEndFlags === true
  return {id, own: endsAtWord ? splitAtCommand(rest).own : splitAtDashes(rest).own}
}
