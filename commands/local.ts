import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {installFlag, toolchainFlag} from '../src/cli/flags.ts'
import {runLocal} from '../src/cli/run-local.ts'

export default class Local extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show or set what this folder pins, in its .toolversion.'
  static override description =
    'Versions that are missing are installed first. Several versions of a toolchain are fallbacks: the first that is there ' +
    'runs. Without a version it shows what the nearest pin file says.'
  static override usage = 'local [[TOOLCHAIN@]VERSION...] [-t NAME] [--unset] [--no-install]'
  static override examples = [
    {description: 'Pin a version of the default toolchain', command: 'tool local 5.9.3'},
    {description: 'Pin several toolchains', command: 'tool local typescript@5.9.3 esbuild@0.28'},
    {description: 'Show the pin of one', command: 'tool local -t esbuild'},
    {description: 'Pin it no more', command: 'tool local --unset -t esbuild'},
  ]
  static override strict = false
  static override args = {
    version: Args.string({description: 'a version, range or tag, with its toolchain or of the default one'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    unset: Flags.boolean({summary: 'Take the toolchain out of the file.'}),
    install: installFlag,
  }

  async run() {
    await this.answer(Local, call => runLocal(call, 'local'))
  }
}
