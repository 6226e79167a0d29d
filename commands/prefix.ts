import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {prefix} from '../src/cli/verbs/prefix.ts'

export default class Prefix extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Show the folder of a version: of the pinned one, unless another is named.'
  static override description =
    'For "system" it is the folder above the bin that has the program, found on PATH without the shims.'
  static override examples = [
    'tool prefix',
    {description: 'Of the newest 5.8 that is installed', command: 'tool prefix 5.8'},
    {description: 'Of another toolchain', command: 'tool prefix -t esbuild'},
  ]
  static override args = {
    version: Args.string({description: 'a version, range or tag that is installed; or system'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
  }

  async run() {
    await this.answer(Prefix, prefix)
  }
}
