import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {versionFile} from '../src/cli/verbs/version.ts'

export default class VersionFile extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show the file that says which version holds here.'
  static override description =
    'Without a folder it is the global file where no other pins the toolchain, whether that is there or not. With one, ' +
    'only files at or above it count; it exits with 1 where there is none.'
  static override examples = ['tool version-file', 'tool version-file packages/app']
  static override args = {directory: Args.string({description: 'look from this folder'})}
  static override flags = {toolchain: toolchainFlag}

  async run() {
    await this.answer(VersionFile, versionFile)
  }
}
