import {moveLeadingFlags} from './leading-flags.ts'
import type {FlagValue} from './verb.ts'

/** What the command line of one command may have. */
interface CommandLine {
  /** By name, without dashes. */
  flags: Readonly<Record<string, FlagLine>>
  /** How many words it takes; `most` null: any number. */
  least: number
  most: number | null
  /** The first word ends our flags: what follows is another program's. */
  wordsEndFlags?: true
  /** Left out of lists: another name of a command. */
  hidden?: true
}

interface FlagLine {
  type: 'boolean' | 'option'
  char?: string
  /** Whether `--no-NAME` exists. */
  allowNo?: true
  /** The values it takes, where they are few. */
  options?: readonly string[]
}

/** The command lines of all commands by id (`versions`, `worker:check`), taken from the commands themselves at build time. */
export type CommandLines = Readonly<Record<string, CommandLine>>

/** A plain command line, read. */
export interface ParsedLine {
  id: string
  words: string[]
  flags: Record<string, FlagValue>
}

/**
 * Reads a command line that is plainly right; undefined for everything else, help and slips included, which the command
 * framework knows better to tell about.
 */
export function parseCommandLine(argv: readonly string[], lines: CommandLines): ParsedLine | undefined {
  const [id = '', ...rest] = moveLeadingFlags(argv)
  const line = Object.hasOwn(lines, id) ? lines[id] : undefined
  if (line === undefined || Object.hasOwn(lines, `${id}:${rest[0]}`)) return undefined
  const parsed: ParsedLine = {id, words: [], flags: {}}
  const queue = rest.values()
  for (const word of queue) {
    if (!word.startsWith('-') || word === '-') {
      parsed.words.push(word)
      if (line.wordsEndFlags) break
    } else if (word === '--') {
      if (!line.wordsEndFlags) return undefined
      parsed.words.push(word)
      break
    } else if (!readFlag(word, () => queue.next().value, line, parsed.flags)) return undefined
  }
  parsed.words.push(...queue)
  const {length} = parsed.words
  return length >= line.least && (line.most === null || length <= line.most) ? parsed : undefined
}

/** Whether a word is a known flag, with a value it may have, given for the first time. */
function readFlag(
  word: string,
  next: () => string | undefined,
  {flags}: CommandLine,
  into: ParsedLine['flags'],
): boolean {
  const [, dashes, name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const known = dashes === '--' ? longFlag(name, flags) : shortFlag(name, flags)
  if (known === undefined || known.name in into) return false
  const {flag} = known
  if (flag.type === 'boolean') {
    if (value !== undefined) return false
    into[known.name] = known.on
    return true
  }
  // An empty value is a slip, such as a shell variable that was never set.
  const given = value ?? next()
  if (!given || (value === undefined && given.startsWith('-'))) return false
  if (flag.options && !flag.options.includes(given)) return false
  into[known.name] = given
  return true
}

interface Known {
  name: string
  flag: FlagLine
  on: boolean
}

function longFlag(name: string, flags: CommandLine['flags']): Known | undefined {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
  if (flag) return {name, flag, on: true}
  const positive = name.startsWith('no-') ? name.slice(3) : ''
  const negated = Object.hasOwn(flags, positive) ? flags[positive] : undefined
  return negated?.allowNo ? {name: positive, flag: negated, on: false} : undefined
}

function shortFlag(char: string, flags: CommandLine['flags']): Known | undefined {
  const found = Object.entries(flags).find(([, flag]) => flag.char === char)
  return found && {name: found[0], flag: found[1], on: true}
}
