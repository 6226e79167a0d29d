import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {versionOrigin} from '../src/cli/verbs/version.ts'

export default class VersionOrigin extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show what says which version holds here: a variable, or a file.'
  static override examples = ['tool version-origin']
  static override flags = {toolchain: toolchainFlag}

  async run() {
    await this.answer(VersionOrigin, versionOrigin)
  }
}
