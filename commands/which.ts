import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {which} from '../src/house/which.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Which extends BaseCommand {
  static override summary = 'Show the program that a command means here.'
  static override examples = ['<%= config.bin %> which tsc']
  static override args = {
    command: Args.string({required: true, description: 'an executable of a toolchain, such as tsc'}),
  }

  async run() {
    const {args, context} = await this.start(Which)
    const path = which(context, await loadDefinitions(context), args.command)
    this.print(path)
    return {command: args.command, path}
  }
}
