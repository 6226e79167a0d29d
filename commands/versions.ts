import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {versions} from '../src/cli/verbs/versions.ts'

export default class Versions extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'List the installed versions; * marks those that are pinned here.'
  static override description =
    'Of all toolchains, or of one. With --json also how many bytes each takes on the disk, and where it came from.'
  static override examples = [
    'tool versions',
    {description: 'The numbers alone, of the default toolchain', command: 'tool versions --bare'},
    {
      description: 'Of another toolchain, with what they take on the disk',
      command: 'tool versions -t esbuild --sizes',
    },
  ]
  static override flags = {
    toolchain: Flags.string({char: 't', helpValue: 'NAME', summary: 'Only of this toolchain.'}),
    bare: Flags.boolean({
      summary: 'Only the names of versions, one a line; of the default toolchain unless -t names another.',
    }),
    'skip-aliases': Flags.boolean({summary: 'Leave out links that are other names for a version.'}),
    sizes: Flags.boolean({summary: 'Show what each takes on the disk.'}),
  }

  async run() {
    await this.answer(Versions, versions)
  }
}
