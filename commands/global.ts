import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {installFlag, toolchainFlag} from '../src/cli/flags.ts'
import {runLocal} from '../src/cli/run-local.ts'

export default class Global extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show or set what holds where no project pins anything.'
  static override description =
    'It is kept in the file "version" of TOOL_HOME; without a line there, the version of the system holds.'
  static override usage = 'global [[TOOLCHAIN@]VERSION...] [-t NAME] [--unset] [--no-install]'
  static override examples = [
    'tool global',
    {description: 'Of the default toolchain', command: 'tool global 5.9.3'},
    {description: 'Of others', command: 'tool global node@22 esbuild@latest'},
    {description: 'The system’s again', command: 'tool global --unset -t node'},
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
    await this.answer(Global, call => runLocal(call, 'global'))
  }
}
