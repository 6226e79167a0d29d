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
  status: 'current',
  settings: 'config',
  info: 'doctor',
}

/** A word that is no command: in the one form of all errors, with the nearest commands. */
export function unknownCommand(word: string, lines: CommandLines): UserError {
  const known = Object.keys(lines).filter(id => !id.includes(':') && !lines[id]?.hidden)
  const synonym = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined
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
