import type {Context} from '../base/context.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {type Candidate, type Completion, fitting} from './candidates.ts'
import {type ValueKind, valuesOf} from './completion-values.ts'

/** What a flag and a command say of themselves, made when the package is built. */
interface KnownFlag {
  about: string
  char?: string
  /** It takes a value; of these, where they are few. */
  value?: true
  options?: readonly string[]
  allowNo?: true
}

interface KnownCommand {
  about: string
  flags: Readonly<Record<string, KnownFlag>>
  /** The names of its arguments, in order. */
  args: readonly string[]
  /** The last argument may come again and again. */
  many?: true
  /** The first word ends our flags: what follows is another program's. */
  wordsEndFlags?: true
}

/** By id: `versions`, `worker:check`. */
export type KnownCommands = Readonly<Record<string, KnownCommand>>

const nothing: Completion = {also: 'nothing', candidates: []}
const files: Completion = {also: 'files', candidates: []}

/**
 * What the last of the words behind `tool` may become. Nobody is waited for: versions that can be installed are those
 * that the cache has heard of.
 */
export function complete(
  context: Context,
  definitions: Definitions,
  commands: KnownCommands,
  words: readonly string[],
): Completion {
  const typed = words.at(-1) ?? ''
  if (words.length > 1 && words[0] === 'help')
    return fitting(commandNames(commands, words.slice(1, -1)), typed)
  const line = readLine(words.slice(0, -1), commands)
  if (line.flag === 'directory') return {also: 'folders', candidates: []}
  if (line.id === undefined && typed.startsWith('-')) return nothing
  if (line.id === undefined) return fitting(commandNames(commands, line.words), typed)
  const command = commands[line.id]
  if (command === undefined) return nothing
  const values = (kind: ValueKind, word: string) => valuesOf(context, definitions, kind, word, line.toolchain)
  if (line.behindDashes || (command.wordsEndFlags && line.words.length > 0))
    return behind(line, command, typed, values)
  if (line.flag !== undefined) return flagValue(line.flag, command, typed, values)
  const [, flag, value] = /^--([\w-]+)=(.*)$/s.exec(typed) ?? []
  if (flag !== undefined) return prefixed(`--${flag}=`, flagValue(flag, command, value ?? '', values))
  if (typed.startsWith('-')) return fitting(flagWords(command), typed)
  const subcommands = commandNames(commands, [line.id])
  const more = argumentValues(line.id, command, line.words.length, typed, values)
  return {...more, candidates: [...fitting(subcommands, typed).candidates, ...more.candidates]}
}

type Values = (kind: ValueKind, word: string) => Completion

interface ReadLine {
  id: string | undefined
  /** The arguments so far, without flags; where no command is named yet, its first word. */
  words: string[]
  /** The flag whose value comes next. */
  flag: string | undefined
  toolchain: string | undefined
  behindDashes: boolean
}

function readLine(words: readonly string[], commands: KnownCommands): ReadLine {
  const line: ReadLine = {
    id: undefined,
    words: [],
    flag: undefined,
    toolchain: undefined,
    behindDashes: false,
  }
  // Any command has the flags that may stand before it.
  let command: KnownCommand | undefined = Object.values(commands)[0]
  for (const word of words) {
    if (line.flag !== undefined) {
      if (line.flag === 'toolchain') line.toolchain = word
      line.flag = undefined
    } else if (line.behindDashes) line.words.push(word)
    else if (word === '--') {
      line.behindDashes = true
      if (line.id !== undefined && commands[line.id]?.wordsEndFlags) line.words.push(word)
    } else if (word.startsWith('-') && word !== '-' && !(command?.wordsEndFlags && line.words.length > 0)) {
      const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
      const known = Object.entries(command?.flags ?? {}).find(([own, {char}]) =>
        word.startsWith('--') ? own === name : char === name,
      )
      if (known?.[1].value && value === undefined) line.flag = known[0]
      else if (known?.[0] === 'toolchain') line.toolchain = value
    } else if (line.id === undefined && (Object.hasOwn(commands, word) || isTopic(word, commands))) {
      line.id = word
      command = commands[word]
    } else if (line.id === undefined) return {...line, id: '', words: []}
    else if (line.words.length === 0 && Object.hasOwn(commands, `${line.id}:${word}`)) {
      line.id = `${line.id}:${word}`
      command = commands[line.id]
    } else line.words.push(word)
  }
  return line
}

const isTopic = (word: string, commands: KnownCommands) =>
  Object.keys(commands).some(id => id.startsWith(`${word}:`))

/** The commands, or those below the words of one. */
function commandNames(commands: KnownCommands, [topic]: readonly string[]): Candidate[] {
  const all = new Map<string, string>()
  for (const [id, {about}] of Object.entries(commands)) {
    const [first = '', second] = id.split(':')
    if (topic === undefined && !all.has(first)) all.set(first, second === undefined ? about : '')
    else if (topic === first && second !== undefined) all.set(second, about)
  }
  if (topic === undefined) all.set('help', 'Say how a command is used.')
  return [...all].map(([word, about]) => ({word, about}))
}

function flagWords({flags}: KnownCommand): Candidate[] {
  const all = Object.entries(flags).flatMap(([name, {about, allowNo}]) => [
    ...(allowNo ? [] : [{word: `--${name}`, about}]),
    ...(allowNo ? [{word: `--no-${name}`, about: `not: ${about}`}] : []),
  ])
  return [...all, {word: '--help', about: 'Say how the command is used.'}]
}

function flagValue(name: string, {flags}: KnownCommand, typed: string, values: Values): Completion {
  const flag = flags[name]
  if (flag?.options)
    return fitting(
      flag.options.map(word => ({word, about: ''})),
      typed,
    )
  if (name === 'toolchain') return values('toolchains', typed)
  return folderFlags.has(name) ? {also: 'folders', candidates: []} : nothing
}

function argumentValues(
  id: string,
  {args, many}: KnownCommand,
  before: number,
  typed: string,
  values: Values,
): Completion {
  const name = args[before] ?? (many ? args.at(-1) : undefined)
  if (id === 'exec') return values('exec', typed)
  if (name === undefined) return nothing
  const kind = argumentKinds[`${id} ${name}`] ?? argumentKinds[name]
  if (kind === undefined || kind === 'files' || kind === 'folders' || kind === 'nothing')
    return {also: kind ?? 'files', candidates: []}
  return values(kind, typed)
}

/** What stands for an argument, by the command and its name, or by its name alone. */
const argumentKinds: Readonly<Record<string, ValueKind | 'files' | 'folders' | 'nothing'>> = {
  'install version': 'available',
  'available versions': 'available',
  'mirror version': 'available',
  'pin version': 'available',
  'shell version': 'available',
  'local version': 'available',
  'global version': 'available',
  version: 'installed',
  toolchain: 'toolchains',
  command: 'executables',
  shell: 'shells',
  key: 'settings',
  file: 'files',
  directory: 'folders',
  name: 'nothing',
  value: 'nothing',
}

/** Flags whose value is a folder. */
const folderFlags = new Set(['directory', 'from', 'to'])

/** What another program is told: its name first, if it is ours to know. */
function behind(line: ReadLine, {wordsEndFlags}: KnownCommand, typed: string, values: Values): Completion {
  if (!wordsEndFlags) return files
  const dashes = line.words.indexOf('--')
  if (dashes === line.words.length - 1) return values('executables', typed)
  const named = line.words.every(word => /^[a-z][a-z0-9-]*@/.test(word))
  if (dashes >= 0 || !named) return files
  const dashed = fitting([{word: '--', about: ''}], typed)
  const more = values('pinned', typed)
  if (dashed.candidates.length === 0) return more
  return {...dashed, candidates: [...dashed.candidates, ...more.candidates]}
}

function prefixed(prefix: string, {also, candidates}: Completion): Completion {
  return {also, candidates: candidates.map(({word, about}) => ({word: prefix + word, about}))}
}
