import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {which} from '../src/cli/verbs/which.ts'

export default class Which extends BaseCommand {
  static override group = 'running' as const
  static override summary = 'Show the program that a command means here.'
  static override examples = ['tool which tsc']
  static override args = {
    command: Args.string({required: true, description: 'an executable of a toolchain, such as tsc'}),
  }

  async run() {
    await this.answer(Which, which)
  }
}
