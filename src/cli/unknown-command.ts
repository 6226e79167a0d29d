import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import type {CommandLines} from './command-line.ts'

/** What people of other version managers type. */
const synonyms: Readonly<Record<string, string>> = {
  ls: 'versions',
  list: 'versions',
  'ls-remote': 'available',
  'list-remote': 'available',
  'list-all': 'available',
  use: 'local',
  default: 'global',
  alias: 'link',
  add: 'install',
  i: 'install',
  remove: 'uninstall',
  rm: 'uninstall',
  reshim: 'rehash',
  run: 'exec',
  x: 'exec',
  dev: 'serve',
  start: 'serve',
  where: 'prefix',
  update: 'upgrade',
  up: 'upgrade',
  plugins: 'toolchains',
  plugin: 'toolchains',
  activate: 'init',
  hook: 'init',
  gc: 'prune',
  settings: 'config',
  info: 'doctor',
}

/** Commands that are planned, and what does their work until then. */
const planned: Readonly<Record<string, string>> = {
  lsp: 'start the language server with the pinned versions on its PATH: tool exec COMMAND',
}

/**
 * A word that is no command: in the one form of all errors, with the nearest commands.
 * @param next the word behind it, which may belong to a command of two
 */
export function unknownCommand(word: string, lines: CommandLines, next?: string): UserError {
  const known = Object.keys(lines).filter(id => !id.includes(':') && !lines[id]?.hidden)
  const synonym = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined
  const below = Object.keys(lines).filter(id => id.startsWith(`${word}:`) && !lines[id]?.hidden)
  if (below.length > 0) return incomplete(word, below, next)
  const instead = Object.hasOwn(planned, word) ? planned[word] : undefined
  if (instead !== undefined) return notYet(word, instead)
  const near = synonym !== undefined && known.includes(synonym) ? [synonym] : nearestNames(word, known)
  return new UserError({
    code: 'UNKNOWN_COMMAND',
    message: `there is no command ${JSON.stringify(word)}`,
    hint:
      near.length > 0
        ? `did you mean ${near.map(name => `tool ${name}`).join(' or ')}?`
        : 'tool help lists them all',
    exitCode: Exit.usage,
  })
}

function notYet(word: string, hint: string): UserError {
  return new UserError({
    code: 'UNKNOWN_COMMAND',
    message: `there is no command ${JSON.stringify(word)} yet`,
    hint,
    exitCode: Exit.usage,
  })
}

/** The first word of a command of two. */
function incomplete(word: string, ids: readonly string[], next?: string): UserError {
  const isWord = next !== undefined && !next.startsWith('-')
  const [near] = isWord ? nearestNames(`${word}:${next}`, ids) : []
  const name = (id: string) => `tool ${id.replace(':', ' ')}`
  return new UserError({
    code: 'UNKNOWN_COMMAND',
    message: isWord
      ? `there is no command ${JSON.stringify(`${word} ${next}`)}`
      : `tool ${word} is no command by itself`,
    hint: near ? `did you mean ${name(near)}?` : `its commands are ${ids.map(name).join(', ')}`,
    exitCode: Exit.usage,
  })
}
