import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderRemoved} from '../src/cli/render/removed.ts'
import {runUninstall} from '../src/cli/run-uninstall.ts'

export default class Uninstall extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Remove installed versions; of one that is linked, only the link.'
  static override description =
    'Asks first where a project that is known, the global pins or a running supervisor need one; without a terminal it refuses.'
  static override usage = 'uninstall [TOOLCHAIN@]VERSION... [-t NAME] [--yes] [--force]'
  static override examples = [
    'tool uninstall 5.8.2',
    {description: 'Of several toolchains', command: 'tool uninstall typescript@5.8.2 esbuild@0.27.0'},
    {description: 'One whose name begins with a dash', command: 'tool uninstall -- -odd'},
  ]
  static override strict = false
  static override args = {
    version: Args.string({
      required: true,
      description: 'VERSION or TOOLCHAIN@VERSION as tool versions lists them; any number of them',
    }),
  }
  static override flags = {
    toolchain: Flags.string({
      char: 't',
      helpValue: 'NAME',
      summary: 'The toolchain of versions that name none.',
    }),
    yes: Flags.boolean({char: 'y', summary: 'Do not ask.'}),
    force: Flags.boolean({char: 'f', summary: 'Do not ask, and take what is not there for removed.'}),
  }

  async run() {
    const {flags, context, words} = await this.start(Uninstall)
    const removed = await runUninstall(context, words, {
      toolchain: flags.toolchain,
      force: flags.force,
      yes: flags.yes,
      json: this.jsonEnabled(),
    })
    this.print(renderRemoved(removed))
    return removed.map(({toolchain, version, directory}) => ({toolchain, version, directory}))
  }
}
