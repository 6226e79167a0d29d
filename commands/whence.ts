import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {whence} from '../src/cli/verbs/whence.ts'

export default class Whence extends BaseCommand {
  static override group = 'running' as const
  static override summary = 'List the installed versions that have a command.'
  static override description =
    'Versions of the default toolchain (or of that of -t) are listed by their numbers alone, others as TOOLCHAIN@VERSION.'
  static override examples = [
    'tool whence tsc',
    {description: 'With the paths of the programs', command: 'tool whence --path tsc'},
  ]
  static override args = {
    command: Args.string({required: true, description: 'the name of a program, such as tsc'}),
  }
  static override flags = {
    toolchain: Flags.string({char: 't', helpValue: 'NAME', summary: 'Only versions of this toolchain.'}),
    path: Flags.boolean({summary: 'Print the paths of the programs.'}),
  }

  async run() {
    await this.answer(Whence, whence)
  }
}
