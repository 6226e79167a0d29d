import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {version} from '../src/cli/verbs/version.ts'

export default class Version extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show the version that holds here, and what says so.'
  static override examples = ['tool version', 'tool version -t esbuild']
  static override flags = {toolchain: toolchainFlag}

  async run() {
    await this.answer(Version, version)
  }
}
