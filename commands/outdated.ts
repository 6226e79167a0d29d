import {Args, Flags} from '@oclif/core'
import {Exit} from '../src/base/errors.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {narrowedTo, narrowingFlag} from '../src/cli/flags.ts'
import {pinsToUpdate} from '../src/cli/pins-to-update.ts'
import {renderOutdated} from '../src/cli/render/outdated.ts'
import {findAges} from '../src/house/outdated.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Outdated extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Show which pinned versions have newer ones; exits 100 if any has.'
  static override description =
    'CURRENT is what serves the pin, WANTED the newest that it allows, LATEST the newest at all. With --json every pin ' +
    'is listed. Outside of a project it is about the global pins.'
  static override examples = [
    'tool outdated',
    {description: 'In a script', command: 'tool outdated --quiet || tool upgrade'},
  ]
  static override strict = false
  static override args = {
    toolchain: Args.string({description: 'only these of the pinned toolchains; any number of them'}),
  }
  static override flags = {
    toolchain: narrowingFlag,
    global: Flags.boolean({char: 'g', summary: 'The global pins, not the project’s.'}),
  }

  async run() {
    const {flags, context, words} = await this.start(Outdated)
    const definitions = await loadDefinitions(context)
    const pins = pinsToUpdate(context, definitions, narrowedTo(words, flags.toolchain), flags)
    const ages = await findAges(context, definitions, pins)
    const old = ages.filter(({outdated}) => outdated)
    if (old.length > 0) process.exitCode = Exit.outdated
    else if (!this.jsonEnabled()) context.log.info('everything is up to date')
    this.print(renderOutdated(old, context))
    return ages
  }
}
