import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {shims} from '../src/cli/verbs/shims.ts'

export default class Shims extends BaseCommand {
  static override group = 'running' as const
  static override summary = 'List the shims: a file for each executable of any installed version.'
  static override examples = ['tool shims', {description: 'Names alone', command: 'tool shims --short'}]
  static override flags = {short: Flags.boolean({summary: 'Only the names.'})}

  async run() {
    await this.answer(Shims, shims)
  }
}
