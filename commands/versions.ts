import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {versions} from '../src/cli/verbs/versions.ts'

export default class Versions extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'List the installed versions; * marks those that are pinned here.'
  static override examples = [
    'tool versions',
    {description: 'Of one toolchain, for a script', command: 'tool versions -t esbuild --bare'},
  ]
  static override flags = {
    toolchain: Flags.string({char: 't', helpValue: 'NAME', summary: 'Only of this toolchain.'}),
    bare: Flags.boolean({summary: 'Only the version numbers, one a line.'}),
  }

  async run() {
    await this.answer(Versions, versions)
  }
}
