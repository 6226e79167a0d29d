import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {narrowedTo, narrowingFlag} from '../src/cli/flags.ts'
import {renderUpgrades} from '../src/cli/render/upgrade.ts'
import {runUpgrade} from '../src/cli/run-upgrade.ts'
import {isNews} from '../src/house/upgrade.ts'
import {printSpec} from '../src/version/spec.ts'

export default class Upgrade extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Install the newest versions that the pins allow, or with --pin raise the pins.'
  static override description =
    'With --pin a version becomes the latest one, and a range keeps its form: ^5.8 becomes ^5.9; tags stay. Older versions ' +
    'stay until tool prune. Outside of a project it is about the global pins.'
  static override examples = [
    'tool upgrade',
    {description: 'What it would do', command: 'tool upgrade --dry-run'},
    {description: 'One toolchain, to the latest there is', command: 'tool upgrade --pin typescript'},
  ]
  static override strict = false
  static override args = {
    toolchain: Args.string({description: 'only these of the pinned toolchains; any number of them'}),
  }
  static override flags = {
    toolchain: narrowingFlag,
    pin: Flags.boolean({summary: 'Rewrite pins that do not want the latest.'}),
    'dry-run': Flags.boolean({char: 'n', summary: 'Only show what would be done.'}),
    global: Flags.boolean({char: 'g', summary: 'The global pins, not the project’s.'}),
  }

  async run() {
    const {flags, context, words} = await this.start(Upgrade)
    const {global, pin, quiet, toolchain, 'dry-run': dryRun} = flags
    const upgrades = await runUpgrade(context, narrowedTo(words, toolchain), {global, pin, dryRun, quiet})
    this.print(renderUpgrades(upgrades, context))
    return upgrades.map(upgrade => ({
      toolchain: upgrade.pin.toolchain,
      from: upgrade.from,
      to: upgrade.to,
      latest: upgrade.latest,
      spec: printSpec(upgrade.spec),
      origin: upgrade.pin.origin,
      changed: isNews(upgrade),
      dryRun,
    }))
  }
}
