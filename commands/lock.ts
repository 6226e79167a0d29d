import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {narrowedTo, narrowingFlag} from '../src/cli/flags.ts'
import {renderLocked} from '../src/cli/render/lock.ts'
import {runLock} from '../src/cli/run-lock.ts'

export default class Lock extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Write down exactly what the pins mean now, for every platform.'
  static override description =
    'Writes .toolversion.lock beside each pin file of the project; commit it. From then on exactly those versions are ' +
    'installed and run, with the digests written there. What is locked stays, unless --upgrade asks for the newest.'
  static override usage = 'lock [--upgrade [TOOLCHAIN...]]'
  static override examples = [
    'tool lock',
    {description: 'Everything anew', command: 'tool lock --upgrade'},
    {description: 'One toolchain', command: 'tool lock --upgrade typescript'},
    {description: 'In CI: fail if pins and lock disagree', command: 'tool lock --frozen'},
  ]
  static override strict = false
  static override args = {
    toolchain: Args.string({description: 'with --upgrade: only these; any number of them'}),
  }
  static override flags = {
    toolchain: narrowingFlag,
    upgrade: Flags.boolean({
      summary: 'Lock the newest versions that the pins allow.',
      exclusive: ['frozen'],
    }),
    frozen: Flags.boolean({summary: 'Write nothing: fail if pins and lock disagree (as TOOL_FROZEN=1).'}),
  }

  async run() {
    const {flags, context, words} = await this.start(Lock)
    const locked = await runLock(context, narrowedTo(words, flags.toolchain), {upgrade: flags.upgrade})
    this.print(renderLocked(locked, context))
    return locked
  }
}
