import type {Hook} from '@oclif/core'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'

/** What people of other version managers type. */
const synonyms: Record<string, string> = {
  ls: 'versions',
  list: 'versions',
  use: 'install',
  run: 'exec',
  dev: 'serve',
  start: 'serve',
  i: 'install',
}

/** A word that is no command: says so in the one form of all errors, with the nearest commands. Never asks. */
const commandNotFound: Hook<'command_not_found'> = async ({id, config}) => {
  const known = config.commands.filter(command => !command.hidden).map(command => command.id)
  const near = synonyms[id] === undefined ? nearestNames(id, known) : [synonyms[id]]
  throw new UserError({
    code: 'UNKNOWN_COMMAND',
    message: `there is no command ${JSON.stringify(id)}`,
    hint:
      near.length > 0
        ? `did you mean ${near.map(name => `tool ${name}`).join(' or ')}?`
        : 'tool help lists them all',
    exitCode: Exit.usage,
  })
}

export default commandNotFound
