import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {versionName} from '../src/cli/verbs/version.ts'

export default class VersionName extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show the version that holds here, and nothing else.'
  static override examples = ['tool version-name']
  static override flags = {toolchain: toolchainFlag}

  async run() {
    await this.answer(VersionName, versionName)
  }
}
