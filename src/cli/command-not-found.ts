import type {Hook} from '@oclif/core'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'

/** A word that is no command: says so in the one form of all errors, with the nearest commands. Never asks. */
const commandNotFound: Hook<'command_not_found'> = async ({id, config}) => {
  const known = config.commands.filter(command => !command.hidden).map(command => command.id)
  const near = nearestNames(id.split(':')[0] ?? id, known)
  throw new UserError({
    code: 'UNKNOWN_COMMAND',
    message: `there is no command ${JSON.stringify(id.replaceAll(':', ' '))}`,
    hint:
      near.length > 0
        ? `did you mean ${near.map(name => `tool ${name}`).join(' or ')}?`
        : 'tool help lists them all',
    exitCode: Exit.usage,
  })
}

export default commandNotFound
